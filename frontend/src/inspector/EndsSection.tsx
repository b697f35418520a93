/** The open graph's inputs or outputs, in the order in which Keras takes and gives them. */
import { ActionIcon, Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import type { CheckResult, Graph, TensorReference } from "@/api/types";
import { findLayerOf, indexGraph, nameOf } from "@/graph/document";
import { countOutputsBy, type EndKind, inputsOf, outputsOf } from "@/graph/ends";
import { formatShape } from "@/graph/shapes";
import classes from "@/inspector/Inspector.module.css";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import { addGraphOutput, deriveGraphEnds, moveGraphEnd, removeGraphOutput } from "@/stores/editor/structure";

const MAX_OFFERED = 60;

export function EndsSection({ kind }: { kind: EndKind }) {
  const graph = useEditor((state) => state.open.document.graph);
  const check = useEditor((state) => state.open.check);
  const ends = useMemo(
    () => (kind === "inputs" ? inputsOf(graph) : outputsOf(graph, countOutputsBy(graph, check))),
    [graph, check, kind],
  );
  const isSaid = graph[kind] != null;
  const title = kind === "inputs" ? "Inputs" : "Outputs";
  const canChoose = kind === "outputs" && graph.class_name === "Functional";
  return (
    <section className={classes.section} aria-label={`${title} of the graph`}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {isSaid && (
          <Button
            size="compact-xs"
            variant="subtle"
            title="Let the drawing say again what they are"
            onClick={() => deriveGraphEnds(kind)}
          >
            As drawn
          </Button>
        )}
      </Group>
      <Stack gap={2}>
        {ends.length === 0 && (
          <Text size="xs" c="dimmed">
            {kind === "inputs" ? "None yet: add an InputLayer." : "None yet: add layers and connect them."}
          </Text>
        )}
        {ends.map((end, place) => (
          <EndRow
            key={`${end.node} ${end.output}`}
            {...{ kind, end, place, graph, check }}
            count={ends.length}
            canRemove={canChoose && ends.length > 1}
          />
        ))}
        {canChoose && ends.length > 0 && <AddOutput graph={graph} check={check} ends={ends} />}
      </Stack>
    </section>
  );
}

interface EndRowProps {
  kind: EndKind;
  end: TensorReference;
  place: number;
  count: number;
  graph: Graph;
  check: CheckResult | null;
  canRemove: boolean;
}

function EndRow({ kind, end, place, count, graph, check, canRemove }: EndRowProps) {
  const label = labelOf(graph, end);
  const tensor = check?.nodes[end.node]?.outputs[end.output];
  return (
    <div className={classes.connection}>
      <Text size="xs" className={classes.mono} truncate>
        {count > 1 && `${place}: `}
        <Anchor component="button" className={classes.mono} onClick={() => focusNode(end.node)}>
          {label}
        </Anchor>{" "}
        {tensor && formatShape(tensor.shape)}
      </Text>
      {count > 1 && (
        <>
          <RowButton
            label={`Move ${label} up`}
            disabled={place === 0}
            onClick={() => moveGraphEnd(kind, place, place - 1)}
          >
            <IconArrowUp size={13} aria-hidden />
          </RowButton>
          <RowButton
            label={`Move ${label} down`}
            disabled={place === count - 1}
            onClick={() => moveGraphEnd(kind, place, place + 1)}
          >
            <IconArrowDown size={13} aria-hidden />
          </RowButton>
        </>
      )}
      {canRemove && (
        <RowButton label={`Take ${label} out of the outputs`} onClick={() => removeGraphOutput(place)}>
          <IconX size={13} aria-hidden />
        </RowButton>
      )}
    </div>
  );
}

interface AddOutputProps {
  graph: Graph;
  check: CheckResult | null;
  ends: readonly TensorReference[];
}

/** Any tensor can be an output too, also one that goes on inside the graph. */
function AddOutput({ graph, check, ends }: AddOutputProps) {
  const offered = useMemo(() => {
    const taken = new Set(ends.map(({ node, output }) => JSON.stringify([node, output])));
    const count = countOutputsBy(graph, check);
    return graph.nodes
      .flatMap(({ id }) => Array.from({ length: count(id) }, (_, output) => ({ node: id, output })))
      .map((end) => ({ value: JSON.stringify([end.node, end.output]), label: labelOf(graph, end) }))
      .filter(({ value }) => !taken.has(value));
  }, [graph, check, ends]);
  return (
    <Select
      size="xs"
      aria-label="Add an output"
      placeholder="add an output"
      data={offered}
      value={null}
      searchable
      limit={MAX_OFFERED}
      nothingFoundMessage="No such node"
      onChange={(value) => {
        if (value === null) return;
        const [node, output]: [string, number] = JSON.parse(value);
        addGraphOutput({ node, output });
      }}
    />
  );
}

function labelOf(graph: Graph, { node, output }: TensorReference): string {
  const layer = findLayerOf(graph, node);
  const isShared = layer !== undefined && (indexGraph(graph).calls.get(layer.id)?.length ?? 0) > 1;
  const name = layer && !isShared ? nameOf(layer) : node;
  return output === 0 ? name : `${name} (output ${output})`;
}

interface RowButtonProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function RowButton({ label, ...props }: RowButtonProps) {
  return <ActionIcon size={20} variant="subtle" color="gray" aria-label={label} title={label} {...props} />;
}
