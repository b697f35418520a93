/** What travels with a layer that is dragged from the palette to the canvas. */

export const LAYER_MIME = "application/x-layerloom-layer";

export function readDraggedLayer(transfer: DataTransfer | null): string | null {
  return transfer?.getData(LAYER_MIME) || null;
}

/** `key` names the entry, `text` is what a text field gets where the layer is dropped into one. */
export function offerLayer(transfer: DataTransfer, key: string, text: string): void {
  transfer.setData(LAYER_MIME, key);
  transfer.setData("text/plain", text);
  transfer.effectAllowed = "copy";
}

export function carriesLayer(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes(LAYER_MIME) ?? false;
}
