/** Making a model of some nodes: they move into a graph of their own, which one node then calls in their place. */
import { isEqual } from "es-toolkit";
import type { CheckResult, Edge, Graph, Layer, Node, Position, TensorReference } from "@/api/types";
import { boundNodes, NODE_SIZE } from "@/graph/arrange";
import { type Document, EMPTY_GRAPH, indexGraph, nameOf, positionOf } from "@/graph/document";
import { countOutputsBy, INPUT_LAYER, isInput, outputsOf, withEnds } from "@/graph/ends";
import { pickEdgeId, pickFreeName, takenNames } from "@/graph/identifiers";

/** What came of a request: the changed document, or a sentence that says why it cannot be. */
export type Outcome = { document: Document; nodeIds: readonly string[] } | { refusal: string };

const MODEL_CLASS = "Functional";
const LONGEST_STEM = 80;
const GAP_BESIDE = 40;
const GAP_ABOVE = 56;

/**
 * Moves nodes into a new model that is called in their place. Each distinct tensor that comes from outside becomes an
 * input, each that is used outside or leaves the graph an output. Inputs of the graph stay where they are.
 */
export function nestPieces(
  document: Document,
  chosen: ReadonlySet<string>,
  check: CheckResult | null,
): Outcome {
  const { graph } = document;
  const inside = new Set(
    graph.nodes.filter(({ id }) => chosen.has(id) && !isInput(graph, id)).map(({ id }) => id),
  );
  if (inside.size === 0) return { refusal: "Choose at least one node that is not an InputLayer." };
  const refusal = explainSharing(graph, inside) ?? explainWayBack(graph, inside);
  if (refusal) return { refusal };
  const entering = listEntering(graph, inside);
  if (entering.length === 0) {
    return {
      refusal: "Nothing goes into the selection, so the new model would have no input. Connect it first.",
    };
  }
  const unknown = entering.find(({ node, output }) => !check?.nodes[node]?.outputs[output]);
  if (unknown) {
    return {
      refusal: `The shape of what comes from ${unknown.node} is not known, so no input can be made for it. Mend the issues before it first.`,
    };
  }
  return moveInside({ document, inside, entering, leaving: listLeaving(graph, inside, check), check });
}

/** A layer cannot be inside and outside at once: its weights are in one place. */
function explainSharing(graph: Graph, inside: ReadonlySet<string>): string | null {
  const { calls, layers } = indexGraph(graph);
  for (const [layerId, nodes] of calls) {
    const outside = nodes.filter(({ id }) => !inside.has(id));
    if (outside.length === 0 || outside.length === nodes.length) continue;
    const layer = layers.get(layerId);
    const others = outside.map(({ id }) => id).join(", ");
    return `The layer ${layer ? nameOf(layer) : layerId} is also called outside the selection, at ${others}. Choose all of its calls, or make a copy of its own for one side first.`;
  }
  return null;
}

/** A way that leaves the selection and comes back would make the new node depend on itself. */
function explainWayBack(graph: Graph, inside: ReadonlySet<string>): string | null {
  const { outgoing } = indexGraph(graph);
  const follow = (nodeId: string) => (outgoing.get(nodeId) ?? []).map(({ target }) => target);
  const seen = new Set([...inside].flatMap(follow).filter((id) => !inside.has(id)));
  for (const nodeId of seen) {
    for (const target of follow(nodeId)) {
      if (inside.has(target)) {
        return `${nodeId} lies between the chosen nodes: it needs one of them, and ${target} needs it. Choose it too.`;
      }
      seen.add(target);
    }
  }
  return null;
}

/** The tensors that edges bring into the selection, each once, in the order of the edges. */
function listEntering(graph: Graph, inside: ReadonlySet<string>): TensorReference[] {
  const entering = new Map<string, TensorReference>();
  for (const { source, target, output } of graph.edges) {
    if (!inside.has(source) && inside.has(target)) {
      entering.set(keyOf({ node: source, output }), { node: source, output });
    }
  }
  return [...entering.values()];
}

/** The tensors that are needed outside, in the order of the edges, then those that leave the graph itself. */
function listLeaving(
  graph: Graph,
  inside: ReadonlySet<string>,
  check: CheckResult | null,
): TensorReference[] {
  const count = countOutputsBy(graph, check);
  const used = graph.edges
    .filter(({ source, target }) => inside.has(source) && !inside.has(target))
    .map(({ source, output }) => ({ node: source, output }));
  const ends = outputsOf(graph, count).filter(({ node }) => inside.has(node));
  return [...new Map([...used, ...ends].map((tensor) => [keyOf(tensor), tensor])).values()];
}

interface Move {
  document: Document;
  inside: ReadonlySet<string>;
  entering: readonly TensorReference[];
  leaving: readonly TensorReference[];
  check: CheckResult | null;
}

function moveInside(move: Move): Outcome {
  const { document, inside } = move;
  const { graph, layout } = document;
  const nodeId = pickFreeName(MODEL_CLASS.toLowerCase(), takenNames(graph));
  const moved = new Set(graph.nodes.filter(({ id }) => inside.has(id)).map(({ layer }) => layer));
  const inner = makeInner(move, moved);
  const layer: Layer = {
    id: nodeId,
    class_name: MODEL_CLASS,
    package: null,
    name: null,
    config: {},
    trainable: true,
    graph: inner.graph,
  };
  const outer = makeOuter(move, layer, moved);
  const isOutside = ([id]: [string, unknown]) => !inside.has(id);
  const nested = Object.entries(layout.nested);
  return {
    nodeIds: [nodeId],
    document: {
      graph: outer,
      layout: {
        ...layout,
        positions: {
          ...Object.fromEntries(Object.entries(layout.positions).filter(isOutside)),
          [nodeId]: middleOf(document, inside),
        },
        nested: {
          ...Object.fromEntries(nested.filter(([id]) => !moved.has(id))),
          [nodeId]: {
            positions: inner.positions,
            nested: Object.fromEntries(nested.filter(([id]) => moved.has(id))),
          },
        },
      },
    },
  };
}

function middleOf(document: Document, inside: ReadonlySet<string>): Position {
  const { x, y, width, height } = boundNodes(document, [...inside]) ?? { x: 0, y: 0, width: 0, height: 0 };
  return {
    x: Math.round(x + (width - NODE_SIZE.width) / 2),
    y: Math.round(y + (height - NODE_SIZE.height) / 2),
  };
}

function makeInner({ document, inside, entering, leaving, check }: Move, moved: ReadonlySet<string>) {
  const { graph, layout } = document;
  const nodes = graph.nodes.filter(({ id }) => inside.has(id));
  const layers = graph.layers.filter(({ id }) => moved.has(id));
  const taken = takenNames({ ...EMPTY_GRAPH, nodes, layers });
  const inputs = entering.map((tensor) => makeInput(tensor, check, taken));
  const inputIds = new Map(entering.map((tensor, index) => [keyOf(tensor), inputs[index]?.id ?? ""]));
  const edges = graph.edges
    .filter(({ target }) => inside.has(target))
    .map((edge) => {
      const input = inputIds.get(keyOf({ node: edge.source, output: edge.output }));
      return inside.has(edge.source) || input === undefined ? edge : { ...edge, source: input, output: 0 };
    });
  const drawn: Graph = {
    ...EMPTY_GRAPH,
    layers: [...inputs, ...layers],
    nodes: [...inputs.map(({ id }): Node => ({ id, layer: id, arguments: {} })), ...nodes],
    edges,
    groups: graph.groups.filter((group) => group.nodes.every((id) => inside.has(id))),
  };
  const places = [
    ...nodes.map(({ id }) => [id, positionOf(layout, id)] as const),
    ...placeInputs(document, inside, edges, inputs),
  ];
  const count = countOutputsBy(graph, check);
  const inner = leaving.length > 0 ? withEnds(drawn, "outputs", [...leaving], count) : drawn;
  return { graph: inner, positions: Object.fromEntries(places) };
}

/** Each input above the first node that takes it; where two would overlap the later one moves aside. */
function placeInputs(
  document: Document,
  inside: ReadonlySet<string>,
  edges: readonly Edge[],
  inputs: readonly Layer[],
): (readonly [string, Position])[] {
  const { x: left, y: top } = boundNodes(document, [...inside]) ?? { x: 0, y: 0 };
  const step = NODE_SIZE.width + GAP_BESIDE;
  const taken: number[] = [];
  return inputs.map(({ id }) => {
    const target = edges.find(({ source }) => source === id)?.target;
    let x = target === undefined ? left : positionOf(document.layout, target).x;
    while (taken.some((other) => Math.abs(other - x) < step)) x += step;
    taken.push(x);
    return [id, { x, y: top - NODE_SIZE.height - GAP_ABOVE }] as const;
  });
}

/** The InputLayer that stands inside for a tensor of the outside: of its shape and dtype, as the check found them. */
function makeInput({ node, output }: TensorReference, check: CheckResult | null, taken: Set<string>): Layer {
  const stem = `${node.slice(0, LONGEST_STEM)}${output > 0 ? `_${output}` : ""}`;
  const id = pickFreeName(`${stem}_input`, taken);
  taken.add(id);
  const { shape = [], dtype = "float32" } = check?.nodes[node]?.outputs[output] ?? {};
  const [batch, ...rest] = shape;
  return {
    id,
    class_name: INPUT_LAYER,
    package: null,
    name: null,
    config: { ...(batch == null ? { shape: rest } : { batch_shape: shape }), dtype },
    trainable: true,
    graph: null,
  };
}

function makeOuter(
  { document, inside, entering, leaving, check }: Move,
  layer: Layer,
  moved: ReadonlySet<string>,
): Graph {
  const { graph } = document;
  const outside = indexGraph(graph);
  const taken = new Set(outside.edges.keys());
  const leadIn = entering.map((tensor, index): Edge => {
    const id = pickEdgeId(taken, taken.size + 1);
    taken.add(id);
    const path = entering.length > 1 ? [index] : [];
    return { id, source: tensor.node, output: tensor.output, target: layer.id, argument: 0, path };
  });
  const place = new Map(leaving.map((tensor, index) => [keyOf(tensor), index]));
  const toOuter = (tensor: TensorReference): TensorReference =>
    inside.has(tensor.node) ? { node: layer.id, output: place.get(keyOf(tensor)) ?? 0 } : tensor;
  const kept = graph.edges
    .filter(({ target }) => !inside.has(target))
    .map((edge) => {
      const { node, output } = toOuter({ node: edge.source, output: edge.output });
      return inside.has(edge.source) ? { ...edge, source: node, output } : edge;
    });
  const first = graph.nodes.find(({ id }) => inside.has(id))?.id;
  const count = countOutputsBy(graph, check);
  const outer: Graph = {
    ...graph,
    layers: [...graph.layers.filter(({ id }) => !moved.has(id)), layer],
    nodes: graph.nodes.flatMap((node) => {
      if (node.id === first) return [{ id: layer.id, layer: layer.id, arguments: {} }];
      return inside.has(node.id) ? [] : [node];
    }),
    edges: [...kept, ...leadIn],
    outputs: null,
    groups: moveGroups(graph, inside, layer.id),
  };
  const ends = outputsOf(graph, count).map(toOuter);
  return withEnds(outer, "outputs", ends, (id) => (id === layer.id ? leaving.length : count(id)));
}

/** A group that lies wholly inside goes along; one that loses some of its nodes gets the new one for them. */
function moveGroups(graph: Graph, inside: ReadonlySet<string>, nodeId: string): Graph["groups"] {
  return graph.groups
    .filter(({ nodes }) => nodes.some((id) => !inside.has(id)))
    .map((group) => {
      const nodes = group.nodes.filter((id) => !inside.has(id));
      return isEqual(nodes, group.nodes) ? group : { ...group, nodes: [...nodes, nodeId] };
    });
}

export function keyOf({ node, output }: TensorReference): string {
  return `${node} ${output}`;
}
