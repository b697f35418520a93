/** The calls of a shared layer, each with the tensors that go in and come out. */
import { Anchor, Button, Table, Text } from "@mantine/core";
import { IconUnlink } from "@tabler/icons-react";
import { useShallow } from "zustand/react/shallow";
import type { Layer, TensorSpec } from "@/api/types";
import { indexGraph } from "@/graph/document";
import { formatCount, formatShape } from "@/graph/shapes";
import { sharedIndex } from "@/graph/sharing";
import classes from "@/inspector/Inspector.module.css";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import { makeIndependent } from "@/stores/editor/structure";
import { colorOfTie } from "@/ui/tieColor";

export function CallsSection({ nodeId, layer }: { nodeId: string; layer: Layer }) {
  const calls = useEditor(
    useShallow((state) => indexGraph(state.open.document.graph).calls.get(layer.id) ?? []),
  );
  const color = useEditor((state) => sharedIndex(state.open.document.graph, layer.id));
  const parameters = useEditor((state) => state.open.check?.layers[layer.id]?.parameters);
  if (calls.length < 2 || color === null) return null;
  return (
    <section className={classes.section} aria-label="Calls">
      <Text size="sm" fw={600} mb={4}>
        <span className={classes.tieDot} style={{ "--accent": colorOfTie(color) }} />
        Shared by {calls.length} calls
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        Arguments and weights are the same in all of them
        {parameters ? `: the ${formatCount(parameters)} parameters count once` : ""}.
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0} fz="xs" mb="xs">
        <Table.Tbody>
          {calls.map(({ id }) => (
            <CallRow key={id} nodeId={id} isThis={id === nodeId} />
          ))}
        </Table.Tbody>
      </Table>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconUnlink size={14} />}
        onClick={() => makeIndependent(nodeId)}
      >
        Make this call independent
      </Button>
    </section>
  );
}

function CallRow({ nodeId, isThis }: { nodeId: string; isThis: boolean }) {
  const result = useEditor((state) => state.open.check?.nodes[nodeId]);
  return (
    <Table.Tr>
      <Table.Td className={classes.mono} valign="top">
        {isThis ? (
          <b>{nodeId}</b>
        ) : (
          <Anchor component="button" fz="xs" className={classes.mono} onClick={() => focusNode(nodeId)}>
            {nodeId}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td ta="right" className={classes.mono}>
        {result ? `${listShapes(result.inputs)} → ${listShapes(result.outputs)}` : "not called yet"}
      </Table.Td>
    </Table.Tr>
  );
}

function listShapes(tensors: readonly TensorSpec[]): string {
  return tensors.map(({ shape }) => formatShape(shape)).join(", ") || "nothing";
}
