/** What enters and leaves a graph, in order: said by the document, or derived from the drawing where it does not say. */
import { isEqual } from "es-toolkit";
import type { CheckResult, Graph, TensorReference } from "@/api/types";
import { type Document, findLayerOf, indexGraph } from "@/graph/document";

export const INPUT_LAYER = "InputLayer";

export type EndKind = "inputs" | "outputs";

/** Says how many tensors leave a node. */
export type CountOutputs = (nodeId: string) => number;

export function isInput(graph: Graph, nodeId: string): boolean {
  return findLayerOf(graph, nodeId)?.class_name === INPUT_LAYER;
}

/** As many tensors as the check has seen leave the node, at least those that edges begin at. */
export function countOutputsBy(graph: Graph, check: CheckResult | null): CountOutputs {
  const { outgoing } = indexGraph(graph);
  return (nodeId) =>
    Math.max(
      check?.nodes[nodeId]?.outputs.length ?? 1,
      ...(outgoing.get(nodeId) ?? []).map(({ output }) => output + 1),
    );
}

/** The graph's inputs: as the document says, otherwise every `InputLayer` node in document order. */
export function inputsOf(graph: Graph): TensorReference[] {
  if (graph.inputs) return graph.inputs;
  return graph.nodes.filter(({ id }) => isInput(graph, id)).map(({ id }) => ({ node: id, output: 0 }));
}

/** The graph's outputs: as the document says, otherwise all tensors of the nodes that nothing follows. */
export function outputsOf(graph: Graph, countOutputs: CountOutputs): TensorReference[] {
  if (graph.outputs) return graph.outputs;
  const { outgoing } = indexGraph(graph);
  return graph.nodes
    .filter(({ id }) => !outgoing.has(id))
    .flatMap(({ id }) => Array.from({ length: countOutputs(id) }, (_, output) => ({ node: id, output })));
}

/** The graph with these ends, unsaid where the drawing says the same. */
export function withEnds(
  graph: Graph,
  kind: EndKind,
  ends: TensorReference[],
  countOutputs: CountOutputs,
): Graph {
  const derived = { ...graph, [kind]: null };
  const same = kind === "inputs" ? inputsOf(derived) : outputsOf(derived, countOutputs);
  return isEqual(same, ends) ? derived : { ...graph, [kind]: ends };
}

function changeEnds(
  document: Document,
  kind: EndKind,
  check: CheckResult | null,
  change: (ends: TensorReference[]) => TensorReference[],
): Document {
  const { graph } = document;
  const count = countOutputsBy(graph, check);
  const before = kind === "inputs" ? inputsOf(graph) : outputsOf(graph, count);
  const after = change(before);
  if (isEqual(before, after)) return document;
  return { ...document, graph: withEnds(graph, kind, after, count) };
}

/** Moves an input or output to another place in their order. */
export function moveEnd(
  document: Document,
  kind: EndKind,
  from: number,
  to: number,
  check: CheckResult | null,
): Document {
  return changeEnds(document, kind, check, (ends) => {
    const moved = ends[from];
    return moved ? ends.toSpliced(from, 1).toSpliced(to, 0, moved) : ends;
  });
}

/** Makes a tensor an output of the graph, after the others. */
export function addOutput(document: Document, tensor: TensorReference, check: CheckResult | null): Document {
  return changeEnds(document, "outputs", check, (ends) =>
    ends.some((end) => isEqual(end, tensor)) ? ends : [...ends, tensor],
  );
}

/** Takes a tensor out of the outputs; the last one stays, because a graph without outputs is none. */
export function removeOutput(document: Document, index: number, check: CheckResult | null): Document {
  return changeEnds(document, "outputs", check, (ends) =>
    ends.length > 1 ? ends.toSpliced(index, 1) : ends,
  );
}

/** Lets the drawing say again what the ends are. */
export function deriveEnds(document: Document, kind: EndKind): Document {
  return document.graph[kind] == null
    ? document
    : { ...document, graph: { ...document.graph, [kind]: null } };
}
