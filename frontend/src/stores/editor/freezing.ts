/** Freezing as actions of the editor. */
import { setTrainableOf, withAncestors } from "@/graph/freezing";
import { editOpen } from "@/stores/editor/editorStore";

/** Trains, or freezes, the layers that these nodes call and all that come before them: one step for undo. */
export function changeTrainableBefore(nodeIds: Iterable<string>, trainable: boolean): void {
  const chosen = [...nodeIds];
  editOpen((document) => setTrainableOf(document, withAncestors(document.graph, chosen), trainable));
}
