/** A wrapper around a model, such as TimeDistributed: the layer keeps its graph, which stands for the wrapper's layer. */
import type { Entry, Layer } from "@/api/types";
import type { Document } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { changeLayer } from "@/graph/layers";
import { isModelLayer } from "@/graph/nesting";

/** The argument of a wrapper that takes the layer it wraps; undefined for other classes. */
export function wrappedArgument(entry: Entry): string | undefined {
  return entry.arguments.find(({ kinds, required }) => required && kinds.length === 1 && kinds[0] === "layer")
    ?.name;
}

/** The catalogue's entry without the argument that the graph stands for: there is nothing to fill in. */
export function withoutWrapped(entry: Entry): Entry {
  const wrapped = wrappedArgument(entry);
  return { ...entry, arguments: entry.arguments.filter(({ name }) => name !== wrapped) };
}

/** Whether a wrapper can be put around the layer: it hands on one tensor, so the model may have one input only. */
export function canBeWrapped(layer: Layer): boolean {
  return layer.graph != null && inputsOf(layer.graph).length === 1;
}

/** Puts a wrapper around the model of a layer, or takes it off where `entry` is null. */
export function wrapModel(document: Document, layerId: string, entry: Entry | null): Document {
  return changeLayer(document, layerId, (layer) => {
    if (!layer.graph) return layer;
    if (entry) return { ...layer, class_name: entry.class_name, package: entry.package ?? null, config: {} };
    return isModelLayer(layer)
      ? layer
      : { ...layer, class_name: layer.graph.class_name, package: null, config: {} };
  });
}
