/** Making a drawing fit a data set: an input for each of its arrays, and a last layer for its target. */
import type { ArraySpec, DatasetSummary, Entry, Layer } from "@/api/types";
import { findPlaceBeside, NODE_SIZE } from "@/graph/arrange";
import { connect } from "@/graph/connections";
import { type Document, type FindEntry, indexGraph, positionOf } from "@/graph/document";
import { inputsOf, outputsOf } from "@/graph/ends";
import { pickFreeName, takenNames } from "@/graph/identifiers";
import { addLayer, changeLayer } from "@/graph/layers";

type Task = DatasetSummary["task"];
type Described = Pick<DatasetSummary, "inputs" | "targets" | "task">;

const GAP = 56;

/** The dtype of arrays of texts. */
export const TEXT = "string";

/** Units and activation of the `Dense` layer that ends a model for a target. */
export function headFor(target: ArraySpec, task: Task): { units: number; activation: string } {
  if (task === "classification" && target.classes) return { units: target.classes, activation: "softmax" };
  if (task === "binary_classification") return { units: 1, activation: "sigmoid" };
  return { units: target.shape.reduce<number>((all, size) => all * (size ?? 1), 1), activation: "linear" };
}

/**
 * An input for each array, in their order: inputs that are there take the arrays' shapes, missing ones are added
 * beside the others. Inputs that the data has no array for stay: taking them away would cut the drawing.
 */
export function makeInputs(document: Document, data: Described, inputLayer: Entry): Document {
  const present = inputsOf(document.graph);
  return data.inputs.reduce((drawn, array, place) => {
    const { nodes } = indexGraph(drawn.graph);
    const layerId = nodes.get(present[place]?.node ?? "")?.layer;
    return layerId === undefined ? addInput(drawn, array, inputLayer) : giveShape(drawn, layerId, array);
  }, document);
}

function giveShape(document: Document, layerId: string, array: ArraySpec): Document {
  return changeLayer(document, layerId, (layer) => {
    const { batch_shape: _, ...config } = layer.config;
    return { ...layer, config: withArray(config, array) };
  });
}

/** Texts and numbers of categories have to be said; other numbers become floats, unless something else is said. */
function withArray(
  { dtype: said, ...config }: Readonly<Record<string, unknown>>,
  { shape, dtype, classes }: ArraySpec,
): Record<string, unknown> {
  const isNumberOfCategory = classes != null && /^u?int/.test(dtype);
  const kept = said === TEXT ? undefined : said;
  const wanted = dtype === TEXT || isNumberOfCategory ? dtype : kept;
  return { ...config, shape: [...shape], ...(wanted !== undefined && { dtype: wanted }) };
}

function addInput(document: Document, array: ArraySpec, entry: Entry): Document {
  const last = inputsOf(document.graph).at(-1);
  const wanted = last ? positionOf(document.layout, last.node) : { x: 0, y: 0 };
  const added = addLayer(document, entry, findPlaceBeside(document, wanted));
  const named = changeLayer(added.document, added.nodeId, (layer) => ({
    ...layer,
    config: withArray({}, array),
    name: nameFor(added.document, layer, array.name),
  }));
  return named;
}

/** The array's name, where Keras takes it and nothing else has it. */
function nameFor(document: Document, layer: Layer, wanted: string): string | null {
  if (!/^[A-Za-z][\w.-]*$/.test(wanted)) return null;
  const free = pickFreeName(wanted, takenNames(document.graph));
  return free === layer.id ? null : free;
}

/** Why the last layer cannot be fitted, in a sentence; null where it can. */
export function explainNoHead(document: Document, data: Described): string | null {
  const { graph } = document;
  if (graph.nodes.length === 0) return "The drawing is empty: make the inputs first, and layers after them.";
  if (data.targets.length === 0) return "This data has no target.";
  const outputs = outputsOf(graph, () => 1);
  return outputs.length === data.targets.length
    ? null
    : `The drawing has ${outputs.length} outputs, the data ${data.targets.length} targets: expected as many.`;
}

/**
 * Fits each output to the target of its place: an output that is a `Dense` layer and no input takes the target's size
 * and activation, after any other layer a `Dense` layer is added. The same document where `explainNoHead` has a reason.
 */
export function fitHeads(document: Document, data: Described, findEntry: FindEntry): Document {
  if (explainNoHead(document, data) !== null) return document;
  const ends = outputsOf(document.graph, () => 1);
  return data.targets.reduce((drawn, target, place) => {
    const end = ends[place];
    return end ? fitHead(drawn, end, headFor(target, data.task), findEntry) : drawn;
  }, document);
}

function fitHead(
  document: Document,
  end: { node: string; output: number },
  head: ReturnType<typeof headFor>,
  findEntry: FindEntry,
): Document {
  const { nodes, layers, calls } = indexGraph(document.graph);
  const layer = layers.get(nodes.get(end.node)?.layer ?? "");
  if (layer?.class_name === "Dense" && calls.get(layer.id)?.length === 1) {
    return changeLayer(document, layer.id, (dense) => ({ ...dense, config: withHead(dense.config, head) }));
  }
  const dense = findEntry("Dense");
  if (!dense) return document;
  const { x, y } = positionOf(document.layout, end.node);
  const added = addLayer(document, dense, findPlaceBeside(document, { x, y: y + NODE_SIZE.height + GAP }));
  const sized = changeLayer(added.document, added.nodeId, (one) => ({ ...one, config: withHead({}, head) }));
  const linked = connect(sized, end, { node: added.nodeId }, dense);
  const { outputs } = linked.graph;
  if (!outputs) return linked;
  const isEnd = (one: { node: string; output: number }) => one.node === end.node && one.output === end.output;
  const moved = outputs.map((one) => (isEnd(one) ? { node: added.nodeId, output: 0 } : one));
  return { ...linked, graph: { ...linked.graph, outputs: moved } };
}

export function withHead(
  config: Readonly<Record<string, unknown>>,
  { units, activation }: ReturnType<typeof headFor>,
): Record<string, unknown> {
  const { activation: _, ...rest } = config;
  return activation === "linear" ? { ...rest, units } : { ...rest, units, activation };
}
