/** One example of an array that a step made, beside what it was made of. */
import { Box, Group, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import type { SteppedArray, StepStage } from "@/api/dataSteps";
import { writeArray } from "@/train/steps/steps";
import { ShownValue } from "@/ui/samples/ShownValue";

const PICTURE = 64;

interface StageViewProps {
  before: StepStage;
  after: StepStage;
  /** The step's own array, which a new one is compared with. */
  source: string;
}

export function StageView({ before, after, source }: StageViewProps) {
  const made = after.arrays.filter(({ name }) => after.changed?.includes(name));
  return made.map((array) => {
    const origin = before.arrays.find(({ name }) => name === array.name) ?? findArray(before, source);
    return <Comparison key={array.name} before={origin} after={array} />;
  });
}

function findArray(stage: StepStage, wanted: string): SteppedArray | undefined {
  return stage.arrays.find(({ name }) => name === wanted);
}

function Comparison({ before, after }: { before: SteppedArray | undefined; after: SteppedArray }) {
  const [shown] = after.shown ?? [];
  const [origin] = before?.shown ?? [];
  const isPicture = shown?.kind === "image" && origin?.kind === "image";
  return (
    <Box role="group" aria-label={`What becomes of ${after.name}`}>
      <Text size="xs" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
        <Text span size="xs" fw={600} c="var(--mantine-color-text)">
          {after.name}
        </Text>{" "}
        {before && `${writeArray(before)} → `}
        {writeArray(after)}
      </Text>
      {isPicture ? (
        <Group gap="xs" mt={4} align="center">
          <ShownValue array={origin} label={`${after.name} before the step`} size={PICTURE} />
          <IconArrowRight size={14} aria-hidden />
          <ShownValue array={shown} label={`${after.name} after the step`} size={PICTURE} />
        </Group>
      ) : (
        shown && (
          <Box mt={2}>
            <ShownValue array={shown} label={`${after.name} after the step`} size={PICTURE} />
          </Box>
        )
      )}
    </Box>
  );
}
