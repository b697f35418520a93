/** Drawing layers one after another: what a layer is, and the config that it begins with. */
import type { Entry } from "@/api/types";
import { connect } from "@/graph/connections";
import type { Document, FindEntry } from "@/graph/document";
import { type Added, addLayer, changeLayer } from "@/graph/layers";

export type Step = readonly [className: string, config: Readonly<Record<string, unknown>>];

/** The entry of a layer that Keras always has. */
export function entryOf(className: string, findEntry: FindEntry): Entry {
  const found = findEntry(className);
  if (!found) throw new Error(`This Keras has no ${className}.`);
  return found;
}

/** A layer after some nodes, somewhere: whoever draws lays it out. */
export function addStep(
  document: Document,
  from: readonly string[],
  [className, config]: Step,
  findEntry: FindEntry,
): Added {
  const entry = entryOf(className, findEntry);
  const { document: added, nodeId } = addLayer(document, entry, { x: 0, y: 0 });
  const drawn = changeLayer(added, nodeId, (layer) => ({ ...layer, config: { ...config } }));
  const linked = from.reduce(
    (before, node) => connect(before, { node, output: 0 }, { node: nodeId }, entry),
    drawn,
  );
  return { document: linked, nodeId };
}

/** Layers one after another behind a node. */
export function addSteps(
  document: Document,
  from: string,
  steps: readonly Step[],
  findEntry: FindEntry,
): Added {
  return steps.reduce((before, step) => addStep(before.document, [before.nodeId], step, findEntry), {
    document,
    nodeId: from,
  });
}
