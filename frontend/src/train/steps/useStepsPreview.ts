/** What the steps make of one example, asked for a moment after they change. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type StepsPreview, stepsPreviewQuery } from "@/api/dataSteps";
import type { RunConfig } from "@/api/types";

const ASK_DELAY_MS = 300;

export interface StepsLook {
  readonly preview: StepsPreview | undefined;
  readonly isFetching: boolean;
  readonly error: unknown;
}

/** Nothing is asked where there are no steps. `start` is the number of the example. */
export function useStepsPreview(config: RunConfig, isAvailable: boolean, start: number): StepsLook {
  const [settled] = useDebouncedValue(config.data, ASK_DELAY_MS);
  const isWanted = isAvailable && settled.dataset === config.data.dataset && config.data.steps.length > 0;
  const asked = useQuery({ ...stepsPreviewQuery(settled, start), enabled: isWanted });
  // The one before may be of another data set.
  const isOwn = asked.data?.dataset === config.data.dataset && config.data.steps.length > 0;
  return { preview: isOwn ? asked.data : undefined, isFetching: asked.isFetching, error: asked.error };
}
