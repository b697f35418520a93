/** Whether images are being augmented, and the one gesture that changes the drawing to do so. */
import { create } from "zustand";
import type { Augmentation } from "@/api/augmentation";
import type { Graph } from "@/api/types";
import { makeRoomBelow } from "@/graph/newLayers";
import { currentDocument, editDocument, openGraph, selectPieces } from "@/stores/editor/editorStore";
import { notifyRefusal } from "@/ui/notifications";

interface AugmentationState {
  readonly isOpen: boolean;
  /** The input whose images are meant; null for the first one of images. */
  readonly node: string | null;
}

export const useAugmentation = create<AugmentationState>()(() => ({ isOpen: false, node: null }));

export function openAugmentation(node: string | null): void {
  useAugmentation.setState({ isOpen: true, node });
}

export function closeAugmentation(): void {
  useAugmentation.setState({ isOpen: false });
}

/** Takes the augmented graph over, one step for undo; `asked` is the graph that it was made from. */
export function takeAugmentation({ graph, node, nodes }: Augmentation, asked: Graph): void {
  if (currentDocument().graph !== asked) {
    notifyRefusal("Augment images", "The drawing has changed since. Open the dialog again.");
    return;
  }
  editDocument((document) => makeRoomBelow(document, graph, node));
  openGraph([]);
  selectPieces(nodes.length > 0 ? nodes : [node]);
}
