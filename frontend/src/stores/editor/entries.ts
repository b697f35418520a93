/** The catalogue's layers and operations by package and class name, for the editor's actions and forms. */
import { catalogueQuery, useCatalogue } from "@/api/catalogue";
import { queryClient } from "@/api/queryClient";
import type { Catalogue, Entry, Graph } from "@/api/types";
import { CODE_ENTRY, CODE_PACKAGE } from "@/graph/codeEntries";
import { findLayerOf } from "@/graph/document";
import { entryKey, type Named } from "@/graph/entryKey";
import { MODEL_ENTRIES } from "@/graph/modelEntries";

const indices = new WeakMap<Catalogue, ReadonlyMap<string, Entry>>();

function indexLayers(catalogue: Catalogue): ReadonlyMap<string, Entry> {
  const known = indices.get(catalogue);
  if (known) return known;
  const index = new Map<string, Entry>(
    [...MODEL_ENTRIES, CODE_ENTRY].map((entry) => [entryKey(entry), entry]),
  );
  for (const entry of [...catalogue.layers, ...catalogue.operations]) {
    for (const alias of entry.aliases) {
      const key = entryKey({ class_name: alias, package: entry.package });
      if (!index.has(key)) index.set(key, entry);
    }
    index.set(entryKey(entry), entry);
  }
  indices.set(catalogue, index);
  return index;
}

/** The entry of a layer's class; undefined for a class that this Keras lacks, and before the catalogue has come. */
export function findEntry(named: Named | undefined): Entry | undefined {
  if (named?.package === CODE_PACKAGE) return CODE_ENTRY;
  return named && findEntryByKey(entryKey(named));
}

/** The same by the key of `entryKey`. */
export function findEntryByKey(key: string): Entry | undefined {
  const catalogue = queryClient.getQueryData(catalogueQuery.queryKey);
  return catalogue && indexLayers(catalogue).get(key);
}

/** The entry of the layer that a node calls. */
export function findEntryOfNode(graph: Graph, nodeId: string): Entry | undefined {
  return findEntry(findLayerOf(graph, nodeId));
}

export function useEntry(named: Named | undefined): Entry | undefined {
  const { data } = useCatalogue();
  if (named?.package === CODE_PACKAGE) return CODE_ENTRY;
  return data && named && indexLayers(data).get(entryKey(named));
}
