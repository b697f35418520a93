/** Dissolving a model inside a graph: its nodes move out to where it was called, once for each call. */
import type { CheckResult, Edge, Graph, Layer, Layout, Node, Position, TensorReference } from "@/api/types";
import { boundNodes, completeLayout, NODE_SIZE } from "@/graph/arrange";
import { type Document, findLayerOf, indexGraph, nameOf, positionOf } from "@/graph/document";
import { countOutputsBy, inputsOf, isInput, outputsOf, withEnds } from "@/graph/ends";
import { pickEdgeId, pickFreeName, takenNames } from "@/graph/identifiers";
import { keyOf, type Outcome } from "@/graph/nest";
import { isModelLayer } from "@/graph/nesting";
import { fillsSlot, slotOf, slotsOf } from "@/graph/slots";

/** What one call of the model becomes: new ids by the ids inside. */
interface Unfolded {
  call: string;
  nodes: ReadonlyMap<string, string>;
}

type ModelLayer = Layer & { graph: Graph };

/**
 * Puts a model's layers into the graph around it. Where the model is called more than once its layers are shared by
 * as many calls, so the weights stay the same ones.
 */
export function dissolveModel(document: Document, nodeId: string, check: CheckResult | null): Outcome {
  const { graph } = document;
  const layer = findLayerOf(graph, nodeId);
  if (!layer?.graph) return { refusal: `${nodeId} holds no graph, so there is nothing to dissolve.` };
  if (!isModelLayer(layer)) {
    return {
      refusal: `${layer.class_name} does more than call the graph inside it, so its layers cannot stand in its place. Open it and take out what you need by copying.`,
    };
  }
  const calls = indexGraph(graph).calls.get(layer.id) ?? [];
  const refusal = explainCalls(graph, layer, calls);
  return refusal ? { refusal } : unfold(document, layer, calls, check);
}

/** What a call says to the model as a whole cannot be said once the model is gone. */
function explainCalls(graph: Graph, layer: ModelLayer, calls: readonly Node[]): string | null {
  const { incoming } = indexGraph(graph);
  for (const { id, arguments: constants } of calls) {
    const [given] = Object.keys(constants);
    if (given !== undefined) {
      return `The call ${id} passes ${given} to the whole model, and its layers would lose it. Take the argument out first.`;
    }
    const edges = incoming.get(id) ?? [];
    const open = slotsOf(layer, undefined).find((slot) => !edges.some((edge) => fillsSlot(edge, slot)));
    if (open) return `Nothing goes into the input ${open.name} of ${id}. Connect all inputs first.`;
    const odd = edges.find((edge) => !slotOf(edge, layer, undefined));
    if (odd) return `The edge ${odd.id} leads to no input of ${nameOf(layer)}. Take it away first.`;
  }
  return null;
}

function unfold(
  document: Document,
  layer: ModelLayer,
  calls: readonly Node[],
  check: CheckResult | null,
): Outcome {
  const { graph } = document;
  const taken = takenNames(graph);
  taken.delete(layer.id);
  for (const { id } of calls) taken.delete(id);
  const take = (wanted: string) => {
    const name = pickFreeName(wanted, taken);
    taken.add(name);
    return name;
  };
  const inner = layer.graph;
  const isKept = (id: string) => !isInput(inner, id);
  const kept = inner.nodes.filter(({ id }) => isKept(id));
  const used = new Set(kept.map((node) => node.layer));
  const layerIds = new Map(inner.layers.filter(({ id }) => used.has(id)).map(({ id }) => [id, take(id)]));
  const unfolded = calls.map(({ id: call }, index): Unfolded => {
    const name = (node: Node) => {
      const own = node.id === node.layer && index === 0 ? layerIds.get(node.layer) : undefined;
      return own ?? take(index === 0 ? node.id : `${node.id}_call_${index + 1}`);
    };
    return { call, nodes: new Map(kept.map((node) => [node.id, name(node)])) };
  });
  const resolve = makeResolver(graph, layer, unfolded, check);
  return {
    nodeIds: unfolded.flatMap(({ nodes }) => [...nodes.values()]),
    document: {
      graph: makeGraph({ graph, layer, unfolded, layerIds, take, resolve, check }),
      layout: makeLayout(document, layer, unfolded, layerIds),
    },
  };
}

type Resolve = (tensor: TensorReference) => TensorReference | null;

/** Follows a tensor of the old graph to the one in the new graph; null where nothing was connected. */
function makeResolver(
  graph: Graph,
  layer: ModelLayer,
  unfolded: readonly Unfolded[],
  check: CheckResult | null,
): Resolve {
  const inner = layer.graph;
  const outputs = outputsOf(inner, countOutputsBy(inner, check?.nested[layer.id] ?? null));
  const places = new Map(inputsOf(inner).map(({ node }, index) => [node, index]));
  const byCall = new Map(unfolded.map((one) => [one.call, one]));
  const { incoming } = indexGraph(graph);
  const resolve: Resolve = (tensor) => {
    const call = byCall.get(tensor.node);
    if (!call) return tensor;
    const inside = outputs[tensor.output];
    return inside ? resolveInside(inside, call) : null;
  };
  const resolveInside = (tensor: TensorReference, { call, nodes }: Unfolded): TensorReference | null => {
    const node = nodes.get(tensor.node);
    if (node !== undefined) return { node, output: tensor.output };
    const place = places.get(tensor.node);
    const edges = incoming.get(call) ?? [];
    const edge = places.size > 1 ? edges.find(({ path }) => path[0] === place) : edges[0];
    return edge && place !== undefined ? resolve({ node: edge.source, output: edge.output }) : null;
  };
  return (tensor) => {
    // A tensor inside a call is asked for as `call/node`: ids have no slash.
    const [call = "", node] = tensor.node.split("/");
    const one = node === undefined ? undefined : byCall.get(call);
    return one && node !== undefined ? resolveInside({ ...tensor, node }, one) : resolve(tensor);
  };
}

interface Making {
  graph: Graph;
  layer: ModelLayer;
  unfolded: readonly Unfolded[];
  layerIds: ReadonlyMap<string, string>;
  take: (name: string) => string;
  resolve: Resolve;
  check: CheckResult | null;
}

function makeGraph({ graph, layer, unfolded, layerIds, take, resolve, check }: Making): Graph {
  const inner = layer.graph;
  const byCall = new Map(unfolded.map((one) => [one.call, one]));
  const newNodes = ({ nodes }: Unfolded) =>
    inner.nodes.flatMap((node) => {
      const id = nodes.get(node.id);
      return id === undefined ? [] : [{ ...node, id, layer: layerIds.get(node.layer) ?? node.layer }];
    });
  const drawn: Graph = {
    ...graph,
    layers: [
      ...graph.layers.filter(({ id }) => id !== layer.id),
      ...inner.layers.flatMap((own) => moveLayer(own, layer, layerIds, take)),
    ],
    nodes: graph.nodes.flatMap((node) => {
      const one = byCall.get(node.id);
      return one ? newNodes(one) : [node];
    }),
    edges: makeEdges(graph, inner, unfolded, resolve),
    outputs: null,
    groups: moveGroups(graph, inner, unfolded, take),
    notes: [...graph.notes, ...inner.notes.map((note) => ({ ...note, id: take(note.id) }))],
  };
  const ends = outputsOf(graph, countOutputsBy(graph, check)).map(resolve);
  const known = ends.filter((end) => end !== null);
  const distinct = [...new Map(known.map((end) => [keyOf(end), end])).values()];
  return distinct.length === 0
    ? drawn
    : withEnds(drawn, "outputs", distinct, countNew(drawn, inner, unfolded, check, layer));
}

/** How many tensors leave each node of the new graph: as the check saw them outside and inside. */
function countNew(
  drawn: Graph,
  inner: Graph,
  unfolded: readonly Unfolded[],
  check: CheckResult | null,
  layer: Layer,
) {
  const outside = countOutputsBy(drawn, check);
  const inside = countOutputsBy(inner, check?.nested[layer.id] ?? null);
  const origin = new Map(unfolded.flatMap(({ nodes }) => [...nodes].map(([old, id]) => [id, old] as const)));
  return (nodeId: string) => {
    const old = origin.get(nodeId);
    return old === undefined ? outside(nodeId) : inside(old);
  };
}

function moveLayer(
  own: Layer,
  model: Layer,
  layerIds: ReadonlyMap<string, string>,
  take: (name: string) => string,
): Layer[] {
  const id = layerIds.get(own.id);
  if (id === undefined) return [];
  return [
    { ...own, id, name: own.name ? take(own.name) : null, trainable: own.trainable && model.trainable },
  ];
}

function makeEdges(graph: Graph, inner: Graph, unfolded: readonly Unfolded[], resolve: Resolve): Edge[] {
  const calls = new Set(unfolded.map(({ call }) => call));
  const redirect = (edge: Edge, from: TensorReference): Edge[] => {
    const origin = resolve(from);
    return origin ? [{ ...edge, source: origin.node, output: origin.output }] : [];
  };
  const outside = graph.edges
    .filter(({ target }) => !calls.has(target))
    .flatMap((edge) =>
      calls.has(edge.source) ? redirect(edge, { node: edge.source, output: edge.output }) : [edge],
    );
  const taken = new Set(indexGraph(graph).edges.keys());
  const inside = unfolded.flatMap(({ call, nodes }) =>
    inner.edges.flatMap((edge) => {
      const target = nodes.get(edge.target);
      if (target === undefined) return [];
      const id = pickEdgeId(taken, taken.size + 1);
      taken.add(id);
      return redirect({ ...edge, id, target }, { node: `${call}/${edge.source}`, output: edge.output });
    }),
  );
  return [...outside, ...inside];
}

function moveGroups(
  graph: Graph,
  inner: Graph,
  unfolded: readonly Unfolded[],
  take: (name: string) => string,
): Graph["groups"] {
  const grown = graph.groups.map((group) => ({
    ...group,
    nodes: group.nodes.flatMap((id) => {
      const one = unfolded.find(({ call }) => call === id);
      return one ? [...one.nodes.values()] : [id];
    }),
  }));
  const moved = unfolded.flatMap(({ nodes }) =>
    inner.groups.map((group) => ({
      ...group,
      id: take(group.id),
      nodes: group.nodes.flatMap((id) => nodes.get(id) ?? []),
    })),
  );
  return [...grown, ...moved].filter(({ nodes }) => nodes.length > 0);
}

/** The nodes stand among themselves as they stood inside; what is below the call moves down to make room. */
function makeLayout(
  { graph, layout }: Document,
  layer: ModelLayer,
  unfolded: readonly Unfolded[],
  layerIds: ReadonlyMap<string, string>,
): Layout {
  const { [layer.id]: stored = { positions: {}, nested: {} }, ...nested } = layout.nested;
  const inside = { graph: layer.graph, layout: completeLayout({ graph: layer.graph, layout: stored }) };
  const bounds = boundNodes(inside, [...(unfolded[0]?.nodes.keys() ?? [])]);
  const positions: Record<string, Position> = { ...layout.positions };
  for (const { call, nodes } of unfolded) {
    const at = positions[call] ?? positionOf(layout, call);
    delete positions[call];
    if (!bounds) continue;
    const growth = Math.max(0, bounds.height - NODE_SIZE.height);
    for (const { id } of graph.nodes) {
      const place = positions[id];
      if (place && place.y > at.y + NODE_SIZE.height / 2) positions[id] = { x: place.x, y: place.y + growth };
    }
    const left = Math.round(at.x - (bounds.width - NODE_SIZE.width) / 2);
    for (const [old, id] of nodes) {
      const { x, y } = positionOf(inside.layout, old);
      positions[id] = { x: left + x - bounds.x, y: at.y + y - bounds.y };
    }
  }
  const moved = Object.entries(stored.nested ?? {}).map(([id, inner]) => [layerIds.get(id) ?? id, inner]);
  return { ...layout, positions, nested: { ...nested, ...Object.fromEntries(moved) } };
}
