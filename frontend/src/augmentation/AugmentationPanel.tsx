/** The form on the left, nine draws of one picture on the right, and the button that changes the drawing. */
import { Button, Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { isEqual } from "es-toolkit";
import { useState } from "react";
import type { Augmentation, AugmentationArguments, AugmentationForm } from "@/api/augmentation";
import { augmentQuery } from "@/api/augmentation";
import { ProblemError } from "@/api/problem";
import type { Argument, Graph, RunConfig } from "@/api/types";
import classes from "@/augmentation/Augmentation.module.css";
import { DrawnPictures } from "@/augmentation/DrawnPictures";
import { issuesOfArguments, toEntry, withValue } from "@/augmentation/formEntry";
import { OtherArguments } from "@/augmentation/OtherArguments";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { closeAugmentation, takeAugmentation } from "@/stores/editor/augmentation";
import { ErrorNote } from "@/ui/ErrorNote";

const ASK_DELAY_MS = 250;

interface AugmentationPanelProps {
  graph: Graph;
  form: AugmentationForm;
  /** What the graph says while nothing is changed. */
  drawn: Augmentation;
  data: RunConfig["data"] | null;
}

export function AugmentationPanel({ graph, form, drawn, data }: AugmentationPanelProps) {
  const [given, setGiven] = useState<AugmentationArguments>(drawn.arguments);
  const [asked] = useDebouncedValue(given, ASK_DELAY_MS);
  const isChanged = !isEqual(asked, drawn.arguments);
  const answer = useQuery({
    ...augmentQuery(graph, { node: drawn.node, given: asked, data }),
    enabled: isChanged,
  });
  // A refusal leaves the pictures of the last arguments that could be used.
  const [usable, setUsable] = useState(drawn);
  const newest = isChanged ? answer.data : drawn;
  if (newest && newest !== usable) setUsable(newest);
  const issues = isChanged ? issuesOfArguments(answer.error) : [];
  const isCurrent = isEqual(given, asked) && !(isChanged && (answer.isFetching || answer.isPlaceholderData));
  const canTake = isChanged && isCurrent && !answer.error && answer.data !== undefined;
  const take = () => {
    if (!answer.data) return;
    takeAugmentation(answer.data, graph);
    closeAugmentation();
  };
  return (
    <>
      <div className={classes.columns}>
        <section aria-label="Arguments of augmentation" className={classes.form}>
          <ArgumentForm
            entry={toEntry(form)}
            config={given}
            issues={issues}
            idPrefix="augmentation-"
            onChange={(argument: Argument, value) => setGiven(withValue(given, argument, value))}
            onDone={() => {}}
          />
          <OtherArguments unavailable={form.unavailable} />
        </section>
        <div className={classes.result}>
          {isChanged && answer.error && <Refusal error={answer.error} />}
          <DrawnPictures augmented={usable} data={data} isCurrent={isCurrent} />
          {usable.remarks.map((remark) => (
            <Text key={remark} size="xs" c="dimmed">
              {remark}
            </Text>
          ))}
        </div>
      </div>
      <Group justify="space-between" className={classes.actions}>
        <Text size="xs" c="dimmed" maw={520}>
          Keras's random layers stand behind the input and draw in training only: validation, evaluation,
          predictions and exported models see the pictures as they are.
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={closeAugmentation}>
            Cancel
          </Button>
          <Button disabled={!canTake} onClick={take}>
            Change the drawing
          </Button>
        </Group>
      </Group>
    </>
  );
}

/** What the fields do not show. */
function Refusal({ error }: { error: unknown }) {
  const isAtFields = error instanceof ProblemError && issuesOfArguments(error).length > 0;
  return isAtFields ? (
    <Text size="sm" c="red" role="status">
      An argument cannot be used: see on the left. The pictures are those from before.
    </Text>
  ) : (
    <ErrorNote error={error} />
  );
}
