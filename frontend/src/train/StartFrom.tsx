/** Where training starts: from new weights, or from those that the model has. */
import { Group, SegmentedControl, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { modelQuery } from "@/api/models";
import type { RunConfig } from "@/api/types";

interface StartFromProps {
  modelId: string;
  config: RunConfig;
  onChange: (config: RunConfig) => void;
}

const NEW = "new";

export function StartFrom({ modelId, config, onChange }: StartFromProps) {
  const model = useQuery(modelQuery(modelId));
  const stored = model.data?.weights?.sha256 ?? null;
  const chosen = config.weights ?? null;
  if (stored === null && chosen === null) return null;
  const choices = [
    { value: NEW, label: "New" },
    ...(stored === null ? [] : [{ value: stored, label: "Model's" }]),
    // What was chosen before the model got other weights: still there to be seen, and to be left.
    ...(chosen === null || chosen === stored ? [] : [{ value: chosen, label: "Earlier" }]),
  ];
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="xs" c="dimmed" id="start-from" style={{ flex: "none" }}>
        Start from
      </Text>
      <SegmentedControl
        size="xs"
        fullWidth
        style={{ flex: 1 }}
        data={choices}
        value={chosen ?? NEW}
        aria-labelledby="start-from"
        onChange={(value) => onChange({ ...config, weights: value === NEW ? null : value })}
      />
      <Text size="xs" c="dimmed" style={{ flex: "none" }}>
        weights
      </Text>
    </Group>
  );
}
