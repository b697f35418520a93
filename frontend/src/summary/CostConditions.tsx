/** For what costs are counted: the batch size, and sizes for the dimensions that inputs leave open. */
import { ActionIcon, NumberInput, Popover, Stack, Text, Tooltip } from "@mantine/core";
import { IconRulerMeasure } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { modelQuery } from "@/api/models";
import { formatShape } from "@/graph/shapes";
import { defaultBatchSize, setBatchSize, setSizes, useCostSettings } from "@/stores/editor/costs";
import { useEditor } from "@/stores/editor/editorStore";
import { findOpenInputs, type OpenInput } from "@/summary/summaryRows";

const LARGEST_BATCH = 10_000_000;
const LARGEST_SIZE = 2 ** 31 - 1;

export function CostConditions({ modelId }: { modelId: string }) {
  const { data: model } = useQuery(modelQuery(modelId));
  const { batchSize } = useCostSettings();
  const graph = useEditor((state) => state.history.present.graph);
  const check = useEditor((state) => state.check);
  const open = findOpenInputs(graph, check);
  return (
    <>
      <NumberInput
        size="xs"
        w={116}
        aria-label="Batch size"
        leftSection={
          <Text size="xs" c="dimmed">
            batch
          </Text>
        }
        leftSectionWidth={46}
        min={1}
        max={LARGEST_BATCH}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        value={batchSize ?? defaultBatchSize(model?.training)}
        onChange={(value) => setBatchSize(typeof value === "number" && value >= 1 ? value : null)}
      />
      {open.length > 0 && <OpenSizes inputs={open} />}
    </>
  );
}

function OpenSizes({ inputs }: { inputs: readonly OpenInput[] }) {
  const { sizes } = useCostSettings();
  return (
    <Popover position="top-end" withinPortal shadow="md">
      <Popover.Target>
        <Tooltip label="Give sizes to the dimensions that inputs leave open">
          <ActionIcon variant="default" size="md" aria-label="Open sizes">
            <IconRulerMeasure size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {inputs.map((input) =>
            input.shape.map((size, axis) =>
              size === null ? (
                <NumberInput
                  // biome-ignore lint/suspicious/noArrayIndexKey: a dimension is known by its place
                  key={`${input.node} ${axis}`}
                  size="xs"
                  label={`${input.name} ${formatShape([null, ...input.shape])}, dimension ${axis + 1}`}
                  placeholder="not known"
                  min={1}
                  max={LARGEST_SIZE}
                  clampBehavior="strict"
                  allowDecimal={false}
                  allowNegative={false}
                  value={givenSizes(input, sizes[input.node])[axis] ?? ""}
                  onChange={(value) => {
                    const given = [...givenSizes(input, sizes[input.node])];
                    given[axis] = typeof value === "number" && value >= 1 ? value : null;
                    setSizes(input.node, given);
                  }}
                />
              ) : null,
            ),
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What was given for an input, as long as it fits the shape that the input has now. */
function givenSizes(input: OpenInput, given: readonly (number | null)[] | undefined) {
  const fits =
    given?.length === input.shape.length &&
    input.shape.every((size, axis) => size === null || size === given[axis]);
  return fits ? given : input.shape;
}
