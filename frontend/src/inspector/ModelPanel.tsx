/** The whole model, while nothing is chosen: its inputs, outputs and parameters. */
import { Anchor, Kbd, Stack, Table, Text } from "@mantine/core";
import { IconPointer } from "@tabler/icons-react";
import type { CheckResult } from "@/api/types";
import { formatBytes, formatCount, formatShape } from "@/graph/shapes";
import classes from "@/inspector/Inspector.module.css";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import { EmptyState } from "@/ui/EmptyState";

export function ModelPanel() {
  const check = useEditor((state) => state.check);
  const isEmpty = useEditor((state) => state.history.present.graph.nodes.length === 0);
  return (
    <div>
      {isEmpty || !check ? (
        <EmptyState icon={<IconPointer />} title="Nothing chosen">
          Drag a layer from the left onto the canvas, or choose a node to see its arguments.
        </EmptyState>
      ) : (
        <ModelFacts check={check} />
      )}
      <section className={classes.section} aria-label="Keys">
        <Stack gap={6} fz="xs" c="dimmed">
          <div>
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Z</Kbd> undo · <Kbd size="xs">Ctrl</Kbd>{" "}
            <Kbd size="xs">D</Kbd> duplicate
          </div>
          <div>
            <Kbd size="xs">Shift</Kbd> drag: choose several · <Kbd size="xs">Del</Kbd> delete
          </div>
        </Stack>
      </section>
    </div>
  );
}

function ModelFacts({ check }: { check: CheckResult }) {
  const frozen = check.parameters - check.trainable_parameters;
  const rows = [
    { name: "parameters", value: formatCount(check.parameters) },
    { name: "trainable", value: formatCount(check.trainable_parameters) },
    ...(frozen > 0 ? [{ name: "not trainable", value: formatCount(frozen) }] : []),
    { name: "memory", value: formatBytes(check.parameter_bytes) },
  ];
  return (
    <section className={classes.section} aria-label="Model">
      <Text fw={650} mb="xs">
        Model
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0} fz="xs">
        <Table.Tbody>
          {rows.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Td c="dimmed">{name}</Table.Td>
              <Table.Td ta="right" className={classes.mono}>
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
          <Ends check={check} title="input" nodes={check.inputs} />
          <Ends check={check} title="output" nodes={check.outputs} />
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Ends({ check, title, nodes }: { check: CheckResult; title: string; nodes: readonly string[] }) {
  return nodes.map((nodeId) => (
    <Table.Tr key={`${title} ${nodeId}`}>
      <Table.Td c="dimmed">{title}</Table.Td>
      <Table.Td ta="right" className={classes.mono}>
        <Anchor component="button" fz="xs" className={classes.mono} onClick={() => focusNode(nodeId)}>
          {nodeId}
        </Anchor>{" "}
        {check.nodes[nodeId]?.outputs[0] && formatShape(check.nodes[nodeId].outputs[0].shape)}
      </Table.Td>
    </Table.Tr>
  ));
}
