/** Graphs inside graphs: reading and changing the one at a path, which is the ids of the layers that lead to it. */
import type { CheckResult, Graph, Layer, Layout } from "@/api/types";
import { type Document, EMPTY_LAYOUT, indexGraph, nameOf } from "@/graph/document";

/** The layers that lead to a graph, the outermost first; empty for the outermost graph itself. */
export type GraphPath = readonly string[];

export const OUTERMOST: GraphPath = [];

/** The classes of layers that are models themselves, rather than wrappers around one. */
const MODEL_CLASSES: ReadonlySet<string> = new Set(["Functional", "Sequential", "Model"]);

/** Whether the layer is a model that is called as one, so its inputs are the call's first argument. */
export function isModelLayer(layer: Layer | undefined): layer is Layer & { graph: Graph } {
  return layer?.graph != null && MODEL_CLASSES.has(layer.class_name);
}

/** The graph at a path, and null where a layer on the way is missing or holds no graph. */
export function graphAt(graph: Graph, path: GraphPath): Graph | null {
  let inner: Graph | null = graph;
  for (const layerId of path) inner = (inner && indexGraph(inner).layers.get(layerId)?.graph) ?? null;
  return inner;
}

/** Where the pieces of the graph at a path stand. */
export function layoutAt(layout: Layout, path: GraphPath): Layout {
  let inner = layout;
  for (const layerId of path) inner = inner.nested?.[layerId] ?? EMPTY_LAYOUT;
  return inner;
}

/** The document whose graph at the path is what `change` makes of it; the very same one where nothing changed. */
export function updateAt(
  document: Document,
  path: GraphPath,
  change: (inner: Document) => Document,
): Document {
  const [layerId, ...rest] = path;
  if (layerId === undefined) return change(document);
  const { graph, layout } = document;
  const layer = indexGraph(graph).layers.get(layerId);
  if (!layer?.graph) return document;
  const inner = { graph: layer.graph, layout: layout.nested?.[layerId] ?? EMPTY_LAYOUT };
  const changed = updateAt(inner, rest, change);
  if (changed === inner) return document;
  return {
    graph: changed.graph === inner.graph ? graph : withInnerGraph(graph, layer, changed.graph),
    layout:
      changed.layout === inner.layout
        ? layout
        : { ...layout, nested: { ...layout.nested, [layerId]: changed.layout } },
  };
}

function withInnerGraph(graph: Graph, layer: Layer, inner: Graph): Graph {
  const class_name =
    layer.graph && layer.class_name === layer.graph.class_name ? inner.class_name : layer.class_name;
  const changed = { ...layer, class_name, graph: inner };
  return { ...graph, layers: graph.layers.map((other) => (other === layer ? changed : other)) };
}

/** As much of the path as leads somewhere in this graph. */
export function reachablePath(graph: Graph, path: GraphPath): GraphPath {
  let length = 0;
  while (length < path.length && graphAt(graph, path.slice(0, length + 1))) length += 1;
  return length === path.length ? path : path.slice(0, length);
}

/** What the check says of the graph at a path; null where it does not say. */
export function checkAt(check: CheckResult | null, path: GraphPath): CheckResult | null {
  let inner = check;
  for (const layerId of path) inner = inner?.nested[layerId] ?? null;
  return inner;
}

/** The names on the way to a graph: those of its layers. */
export function namesAlong(graph: Graph, path: GraphPath): string[] {
  return path.map((layerId, depth) => {
    const outer = graphAt(graph, path.slice(0, depth));
    const layer = outer && indexGraph(outer).layers.get(layerId);
    return layer ? nameOf(layer) : layerId;
  });
}

/** The innermost graph that has all of the difference between two states: where undo should lead. */
export function placeOfChange(before: Document, after: Document): GraphPath {
  const path: string[] = [];
  let [one, other] = [before, after];
  while (true) {
    const layerId = onlyChangedLayer(one, other);
    if (layerId === null) return path;
    path.push(layerId);
    [one, other] = [innerDocument(one, layerId), innerDocument(other, layerId)];
  }
}

function innerDocument({ graph, layout }: Document, layerId: string): Document {
  const inner = indexGraph(graph).layers.get(layerId)?.graph ?? graph;
  return { graph: inner, layout: layout.nested?.[layerId] ?? EMPTY_LAYOUT };
}

/** The id of the one layer whose inner graph, or its layout, is all that differs. */
function onlyChangedLayer(before: Document, after: Document): string | null {
  const changed = new Set<string>();
  if (before.graph !== after.graph) {
    const inner = changedInGraph(before.graph, after.graph);
    if (inner === null) return null;
    changed.add(inner);
  }
  if (before.layout !== after.layout) {
    if (before.layout.positions !== after.layout.positions) return null;
    const [one, other] = [before.layout.nested ?? {}, after.layout.nested ?? {}];
    for (const id of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (one[id] !== other[id]) changed.add(id);
    }
  }
  const [layerId] = changed;
  return changed.size === 1 && layerId !== undefined ? layerId : null;
}

function changedInGraph(before: Graph, after: Graph): string | null {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Graph>;
  for (const key of keys) if (key !== "layers" && before[key] !== after[key]) return null;
  if (before.layers.length !== after.layers.length) return null;
  const pairs = before.layers.map((layer, index) => [layer, after.layers[index]] as const);
  const [different, ...more] = pairs.filter(([one, other]) => one !== other);
  if (!different || more.length > 0) return null;
  const [one, other] = different;
  if (!other || one.id !== other.id || !one.graph || !other.graph) return null;
  return one.graph === other.graph ? null : one.id;
}

const SEPARATOR = "/";

/** The path as it stands in the page's address. Ids have no slash. */
export function pathToText(path: GraphPath): string {
  return path.join(SEPARATOR);
}

export function pathFromText(text: string | null): GraphPath {
  return text ? text.split(SEPARATOR).filter(Boolean) : OUTERMOST;
}
