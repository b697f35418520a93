/** What the check found out about a call: the tensors that leave it, and the layer's parameters. */
import { Table, Text } from "@mantine/core";
import { formatBytes, formatCount, formatShape } from "@/graph/shapes";
import { CostRows } from "@/inspector/CostRows";
import classes from "@/inspector/Inspector.module.css";
import { useEditor } from "@/stores/editor/editorStore";

export function OutputsSection({ nodeId, layerId }: { nodeId: string; layerId: string }) {
  const result = useEditor((state) => state.open.check?.nodes[nodeId]);
  const counts = useEditor((state) => state.open.check?.layers[layerId]);
  if (!result) return null;
  const rows = result.outputs.map((tensor, output) => ({
    name: result.outputs.length > 1 ? `output ${output}` : "shape",
    tensor,
  }));
  return (
    <section className={classes.section} aria-label="Outputs">
      <Text size="sm" fw={600} mb={4}>
        Outputs
      </Text>
      <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0} fz="xs">
        <Table.Tbody>
          {rows.map(({ name, tensor }) => (
            <Table.Tr key={name}>
              <Table.Td c="dimmed">{name}</Table.Td>
              <Table.Td ta="right" className={classes.mono}>
                {formatShape(tensor.shape)} {tensor.dtype}
              </Table.Td>
            </Table.Tr>
          ))}
          {counts && counts.parameters > 0 && (
            <Table.Tr>
              <Table.Td c="dimmed">parameters</Table.Td>
              <Table.Td ta="right" className={classes.mono}>
                {formatCount(counts.parameters)} ({formatBytes(counts.parameter_bytes)})
              </Table.Td>
            </Table.Tr>
          )}
          {counts && counts.trainable_parameters !== counts.parameters && (
            <Table.Tr>
              <Table.Td c="dimmed">trainable</Table.Td>
              <Table.Td ta="right" className={classes.mono}>
                {formatCount(counts.trainable_parameters)}
              </Table.Td>
            </Table.Tr>
          )}
          <CostRows nodeId={nodeId} />
        </Table.Tbody>
      </Table>
    </section>
  );
}
