/** How much a sample of each class counts in a training, by the classes' names. */
import { Group, ScrollArea, Text } from "@mantine/core";
import type { SetupEvent } from "@/api/events";
import { toNumber } from "@/api/number";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

const MAX_HEIGHT = 130;

interface ClassWeightListProps {
  weights: NonNullable<SetupEvent["class_weights"]>;
  /** Whose they are, as other folds may have other ones. */
  fold: number | null;
}

export function ClassWeightList({ weights, fold }: ClassWeightListProps) {
  return (
    <ScrollArea.Autosize mah={MAX_HEIGHT} type="auto">
      <Group component="ul" aria-label="Class weights" gap="2px 12px" m={0} p={0} style={LIST}>
        {weights.map(({ label, name, weight }) => (
          <li key={label} title={`Class ${formatInteger(label)}`}>
            {name}{" "}
            <Text span inherit fw={600} style={{ fontVariantNumeric: "tabular-nums" }}>
              × {formatMetric(toNumber(weight))}
            </Text>
          </li>
        ))}
      </Group>
      {fold !== null && (
        <Text size="xs" c="dimmed">
          in fold {formatInteger(fold)}
        </Text>
      )}
    </ScrollArea.Autosize>
  );
}

const LIST = { listStyle: "none" } as const;
