/** The sums over all nodes: work, and memory to run and to train. */
import { Table, Text, Tooltip } from "@mantine/core";
import type { CostResult } from "@/api/types";
import { formatFlops } from "@/graph/amountsOfWork";
import { formatBytes, formatCount } from "@/graph/shapes";
import { Measure } from "@/ui/Measure";

interface TotalsProps {
  costs: CostResult | undefined;
  /** Whether the sums are of a graph inside a layer. */
  isInside: boolean;
}

export function Totals({ costs, isInside }: TotalsProps) {
  const atLeast = costs?.unknown?.length ? "≥ " : "";
  return (
    <>
      <Measure
        label={isInside ? "Forward pass, one call" : `Forward pass, ${costs?.batch_size ?? "…"} samples`}
        value={costs && atLeast + formatFlops(costs.flops)}
      />
      <Measure label="Parameters" value={costs && formatCount(costs.parameters)} />
      <Tooltip
        multiline
        maw={300}
        label="The most that the outputs of all nodes take at one time, while each is dropped after its last use"
      >
        <div>
          <Measure label="Activations to run" value={costs && atLeast + formatBytes(costs.forward_bytes)} />
        </div>
      </Tooltip>
      <Tooltip multiline position="top-start" label={costs && <TrainingMemory costs={costs} />}>
        <div>
          <Measure label="Memory to train" value={costs && atLeast + formatBytes(costs.training_bytes)} />
        </div>
      </Tooltip>
    </>
  );
}

function TrainingMemory({ costs }: { costs: CostResult }) {
  const parts = [
    ["Parameters", costs.parameter_bytes],
    ["Gradients", costs.gradient_bytes],
    [costs.optimizer ? `Variables of ${costs.optimizer}` : "Optimizer", costs.optimizer_bytes],
    ["Outputs of all nodes, kept for the backward pass", costs.kept_bytes],
  ] as const;
  return (
    <>
      <Table withRowBorders={false} verticalSpacing={1} horizontalSpacing={4} fz="xs">
        <Table.Tbody>
          {parts.map(([name, bytes]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" px={4} maw={300}>
        With {costs.precision}. What a layer makes only inside itself is not counted.
      </Text>
    </>
  );
}
