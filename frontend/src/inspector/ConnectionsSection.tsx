/** The tensors that go into a call, argument by argument: the same as drawing edges, for keyboard and screen reader. */
import { ActionIcon, Group, Select, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Edge, Entry, Graph, Issue, Layer } from "@/api/types";
import { findLayerOf, indexGraph, nameOf } from "@/graph/document";
import { fillsSlot, type Slot, slotsOf } from "@/graph/slots";
import classes from "@/inspector/Inspector.module.css";
import { connectNodes, disconnectEdges, moveMember } from "@/stores/editor/actions";
import { useEditor } from "@/stores/editor/editorStore";

const MAX_OFFERED = 60;
const NO_EDGES: readonly Edge[] = [];

interface ConnectionsSectionProps {
  nodeId: string;
  layer: Layer;
  entry: Entry | undefined;
  issues: readonly Issue[];
}

export function ConnectionsSection({ nodeId, layer, entry, issues }: ConnectionsSectionProps) {
  const incoming = useEditor(
    useShallow((state) => indexGraph(state.open.document.graph).incoming.get(nodeId) ?? NO_EDGES),
  );
  const slots = slotsOf(layer, entry);
  if (slots.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Inputs">
      <Text size="sm" fw={600} mb="xs">
        Inputs
      </Text>
      <Stack gap="sm">
        {slots.map((slot) => (
          <SlotField
            key={slot.name}
            nodeId={nodeId}
            slot={slot}
            edges={incoming.filter((edge) => fillsSlot(edge, slot))}
            error={issues.find(({ argument }) => argument === slot.name)?.message}
          />
        ))}
      </Stack>
    </section>
  );
}

interface SlotFieldProps {
  nodeId: string;
  slot: Slot;
  edges: readonly Edge[];
  error?: string;
}

function SlotField({ nodeId, slot, edges, error }: SlotFieldProps) {
  const graph = useEditor((state) => state.open.document.graph);
  const check = useEditor((state) => state.open.check);
  const offered = useMemo(
    () => listOutputs(graph, nodeId, (id) => check?.nodes[id]?.outputs.length ?? 1),
    [graph, nodeId, check],
  );
  const members = edges.toSorted((one, other) => placeOf(one) - placeOf(other));
  const hasRoom = slot.many || members.length === 0;
  return (
    <div>
      <Group gap={6} mb={2}>
        <span className={classes.label}>{slot.name}</span>
        {slot.many && (
          <Text size="xs" c="dimmed">
            in this order
          </Text>
        )}
      </Group>
      <Stack gap={4}>
        {members.map((edge, place) => (
          <MemberRow
            key={edge.id}
            edge={edge}
            graph={graph}
            slot={slot}
            place={place}
            count={members.length}
          />
        ))}
        {hasRoom && (
          <Select
            size="xs"
            aria-label={members.length > 0 ? `Add to ${slot.name}` : `Connect ${slot.name}`}
            placeholder={members.length > 0 ? "add another" : slot.required ? "not connected" : "optional"}
            data={offered}
            value={null}
            searchable
            limit={MAX_OFFERED}
            nothingFoundMessage="No such node"
            error={error}
            onChange={(tensor) => tensor !== null && connectTensor(tensor, nodeId, slot.name)}
          />
        )}
      </Stack>
    </div>
  );
}

interface MemberRowProps {
  edge: Edge;
  graph: Graph;
  slot: Slot;
  place: number;
  count: number;
}

function MemberRow({ edge, graph, slot, place, count }: MemberRowProps) {
  const source = labelOf(graph, edge.source, edge.output);
  const canMove = slot.many && count > 1;
  return (
    <div className={classes.connection}>
      <Text size="xs" className={classes.mono} truncate>
        {slot.many && `${place}: `}
        {source}
      </Text>
      {canMove && (
        <>
          <RowButton
            label={`Move ${source} up`}
            disabled={place === 0}
            onClick={() => moveMember(edge.id, place - 1)}
          >
            <IconArrowUp size={13} aria-hidden />
          </RowButton>
          <RowButton
            label={`Move ${source} down`}
            disabled={place === count - 1}
            onClick={() => moveMember(edge.id, place + 1)}
          >
            <IconArrowDown size={13} aria-hidden />
          </RowButton>
        </>
      )}
      <RowButton label={`Disconnect ${source} from ${slot.name}`} onClick={() => disconnectEdges([edge.id])}>
        <IconX size={13} aria-hidden />
      </RowButton>
    </div>
  );
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

function placeOf(edge: Edge): number {
  return Number(edge.path.at(-1) ?? 0);
}

function labelOf(graph: Graph, nodeId: string, output: number): string {
  const layer = findLayerOf(graph, nodeId);
  const isShared = layer !== undefined && (indexGraph(graph).calls.get(layer.id)?.length ?? 0) > 1;
  const name = layer && !isShared ? nameOf(layer) : nodeId;
  return output === 0 ? name : `${name} (output ${output})`;
}

function listOutputs(graph: Graph, target: string, countOutputs: (nodeId: string) => number) {
  return graph.nodes
    .filter(({ id }) => id !== target)
    .flatMap(({ id }) =>
      Array.from({ length: countOutputs(id) }, (_, output) => ({
        value: JSON.stringify([id, output]),
        label: labelOf(graph, id, output),
      })),
    );
}

function connectTensor(tensor: string, target: string, argument: string): void {
  const [node, output]: [string, number] = JSON.parse(tensor);
  connectNodes({ node, output }, { node: target, argument });
}
