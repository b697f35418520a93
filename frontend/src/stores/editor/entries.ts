/** The catalogue's layer entries by class name, for the editor's actions and forms. */
import { catalogueQuery, useCatalogue } from "@/api/catalogue";
import { queryClient } from "@/api/queryClient";
import type { Catalogue, Entry, Graph } from "@/api/types";
import { findLayerOf } from "@/graph/document";
import { MODEL_ENTRIES } from "@/graph/modelEntries";

const indices = new WeakMap<Catalogue, ReadonlyMap<string, Entry>>();

function indexLayers(catalogue: Catalogue): ReadonlyMap<string, Entry> {
  const known = indices.get(catalogue);
  if (known) return known;
  const index = new Map<string, Entry>(MODEL_ENTRIES.map((entry) => [entry.class_name, entry]));
  for (const entry of catalogue.layers) {
    for (const alias of entry.aliases) if (!index.has(alias)) index.set(alias, entry);
    index.set(entry.class_name, entry);
  }
  indices.set(catalogue, index);
  return index;
}

/** The entry of a layer class; undefined for a class that this Keras lacks, and before the catalogue has come. */
export function findEntry(className: string | undefined): Entry | undefined {
  const catalogue = queryClient.getQueryData(catalogueQuery.queryKey);
  return catalogue && className !== undefined ? indexLayers(catalogue).get(className) : undefined;
}

/** The entry of the layer that a node calls. */
export function findEntryOfNode(graph: Graph, nodeId: string): Entry | undefined {
  return findEntry(findLayerOf(graph, nodeId)?.class_name);
}

export function useEntry(className: string | undefined): Entry | undefined {
  const { data } = useCatalogue();
  return data && className !== undefined ? indexLayers(data).get(className) : undefined;
}
