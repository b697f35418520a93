/** Adding layers and calls, and changing what a layer is made of. */
import { isEqual } from "es-toolkit";
import type { Argument, Entry, Graph, Layer, Position } from "@/api/types";
import { CODE_PACKAGE, CODE_TEMPLATE } from "@/graph/codeEntries";
import { type Document, EMPTY_GRAPH, indexGraph } from "@/graph/document";
import { INPUT_LAYER } from "@/graph/ends";
import { pickFreeName, takenNames, toSnakeCase } from "@/graph/identifiers";

export interface Added {
  document: Document;
  nodeId: string;
}

/** A new layer with the catalogue's example config, and the node that calls it. */
export function addLayer(document: Document, entry: Entry, position: Position): Added {
  const id = pickFreeName(toSnakeCase(entry.class_name), takenNames(document.graph));
  const layer: Layer = {
    id,
    class_name: entry.class_name,
    package: entry.package ?? null,
    name: null,
    config: entry.example,
    trainable: true,
    graph: graphOfClass(entry),
    ...(entry.package === CODE_PACKAGE && { code: CODE_TEMPLATE }),
  };
  const { graph, layout } = document;
  return {
    nodeId: id,
    document: {
      graph: {
        ...graph,
        layers: [...graph.layers, layer],
        nodes: [...graph.nodes, { id, layer: id, arguments: {} }],
        inputs:
          graph.inputs && entry.class_name === INPUT_LAYER
            ? [...graph.inputs, { node: id, output: 0 }]
            : graph.inputs,
      },
      layout: { ...layout, positions: { ...layout.positions, [id]: position } },
    },
  };
}

/** The empty graph that a new model inside has; null for every other layer. */
function graphOfClass({ class_name }: Entry): Graph | null {
  const isModel = class_name === "Functional" || class_name === "Sequential";
  return isModel ? { ...EMPTY_GRAPH, class_name } : null;
}

/** Another call of a layer that is there already: its weights are then shared. */
export function addCall(document: Document, layerId: string, position: Position): Added {
  const { graph, layout } = document;
  const nodeId = pickFreeName(`${layerId}_call_2`, takenNames(graph));
  return {
    nodeId,
    document: {
      graph: { ...graph, nodes: [...graph.nodes, { id: nodeId, layer: layerId, arguments: {} }] },
      layout: { ...layout, positions: { ...layout.positions, [nodeId]: position } },
    },
  };
}

/** The layer's Keras name; empty text, or its own id, lets the id be the name. */
export function renameLayer(document: Document, layerId: string, name: string): Document {
  const wanted = name.trim();
  return changeLayer(document, layerId, (layer) => ({
    ...layer,
    name: wanted === "" || wanted === layer.id ? null : wanted,
  }));
}

export function setTrainable(document: Document, layerId: string, trainable: boolean): Document {
  return changeLayer(document, layerId, (layer) => ({ ...layer, trainable }));
}

/** Sets an argument; `undefined`, and the default of an argument that has one, take it out of the config. */
export function setArgument(
  document: Document,
  layerId: string,
  argument: Argument,
  value: unknown,
): Document {
  return changeLayer(document, layerId, (layer) => ({
    ...layer,
    config: withArgument(layer.config, argument, value),
  }));
}

/** A config with one argument changed, without what merely repeats a default. */
export function withArgument(
  config: Readonly<Record<string, unknown>>,
  argument: Argument,
  value: unknown,
): Record<string, unknown> {
  const { [argument.name]: _, ...rest } = config;
  const isDefault = !argument.required && isEqual(value, argument.default ?? null);
  return value === undefined || isDefault ? rest : { ...config, [argument.name]: value };
}

/** The document with one layer changed; the very same one where nothing changed. */
export function changeLayer(document: Document, layerId: string, change: (layer: Layer) => Layer): Document {
  const { graph } = document;
  const layer = indexGraph(graph).layers.get(layerId);
  if (!layer) return document;
  const changed = change(layer);
  if (isEqual(changed, layer)) return document;
  return {
    ...document,
    graph: { ...graph, layers: graph.layers.map((other) => (other.id === layerId ? changed : other)) },
  };
}
