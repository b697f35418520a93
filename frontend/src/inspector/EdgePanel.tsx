/** One edge: where its tensor comes from and goes, and what it is. */
import { Anchor, Group, Table, Text } from "@mantine/core";
import { findLayerOf, indexGraph } from "@/graph/document";
import { formatShape } from "@/graph/shapes";
import { slotOf } from "@/graph/slots";
import classes from "@/inspector/Inspector.module.css";
import { DeleteButton } from "@/inspector/SelectionButtons";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";

export function EdgePanel({ edgeId }: { edgeId: string }) {
  const edge = useEditor((state) => indexGraph(state.open.document.graph).edges.get(edgeId));
  const target = useEditor((state) => edge && findLayerOf(state.open.document.graph, edge.target));
  const tensor = useEditor((state) => edge && state.open.check?.nodes[edge.source]?.outputs[edge.output]);
  const entry = useEntry(target);
  if (!edge) return null;
  const argument = slotOf(edge, target, entry)?.name ?? String(edge.argument);
  const rows = [
    { name: "from", value: <NodeLink nodeId={edge.source} /> },
    { name: "to", value: <NodeLink nodeId={edge.target} /> },
    { name: "argument", value: [argument, ...edge.path].join(" · ") },
    ...(tensor
      ? [
          { name: "shape", value: formatShape(tensor.shape) },
          { name: "dtype", value: tensor.dtype },
        ]
      : []),
  ];
  return (
    <section className={classes.section} aria-label="Edge">
      <Text fw={650} mb="xs">
        Tensor
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0} fz="xs" mb="sm">
        <Table.Tbody>
          {rows.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Td c="dimmed">{name}</Table.Td>
              <Table.Td ta="right" className={classes.mono}>
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end">
        <DeleteButton />
      </Group>
    </section>
  );
}

function NodeLink({ nodeId }: { nodeId: string }) {
  return (
    <Anchor component="button" fz="xs" className={classes.mono} onClick={() => focusNode(nodeId)}>
      {nodeId}
    </Anchor>
  );
}
