/** The whole model, while nothing is chosen: its inputs, outputs and parameters. */
import { Kbd, Stack, Table, Text } from "@mantine/core";
import { IconPointer } from "@tabler/icons-react";
import type { CheckResult } from "@/api/types";
import { formatBytes, formatCount } from "@/graph/shapes";
import { EndsSection } from "@/inspector/EndsSection";
import { GraphClass } from "@/inspector/GraphClass";
import classes from "@/inspector/Inspector.module.css";
import { ModelWeights } from "@/inspector/weights/ModelWeights";
import { useEditor } from "@/stores/editor/editorStore";
import { EmptyState } from "@/ui/EmptyState";

export function ModelPanel() {
  const check = useEditor((state) => state.open.check);
  const isEmpty = useEditor((state) => state.open.document.graph.nodes.length === 0);
  return (
    <div>
      {isEmpty || !check ? (
        <EmptyState icon={<IconPointer />} title="Nothing chosen">
          Drag a layer from the left onto the canvas, or choose a node to see its arguments.
        </EmptyState>
      ) : (
        <ModelFacts check={check} />
      )}
      {!isEmpty && (
        <>
          <EndsSection kind="inputs" />
          <EndsSection kind="outputs" />
        </>
      )}
      <ModelWeights />
      <GraphClass />
      <section className={classes.section} aria-label="Keys">
        <Stack gap={6} fz="xs" c="dimmed">
          <div>
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Z</Kbd> undo · <Kbd size="xs">Ctrl</Kbd>{" "}
            <Kbd size="xs">D</Kbd> duplicate
          </div>
          <div>
            <Kbd size="xs">Shift</Kbd> drag: choose several · <Kbd size="xs">Del</Kbd> delete
          </div>
          <div>
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">G</Kbd> group · <Kbd size="xs">Ctrl</Kbd>{" "}
            <Kbd size="xs">Shift</Kbd> <Kbd size="xs">G</Kbd> nest
          </div>
          <div>
            <Kbd size="xs">Enter</Kbd> open a model inside · <Kbd size="xs">Esc</Kbd> close it
          </div>
        </Stack>
      </section>
    </div>
  );
}

function ModelFacts({ check }: { check: CheckResult }) {
  const isInside = useEditor((state) => state.open.path.length > 0);
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
        {isInside ? "Model inside" : "Model"}
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
        </Table.Tbody>
      </Table>
    </section>
  );
}
