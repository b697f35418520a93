/** What travels with a layer that is dragged from the palette to the canvas. */

export const LAYER_MIME = "application/x-layerloom-layer";

export function readDraggedClass(transfer: DataTransfer | null): string | null {
  return transfer?.getData(LAYER_MIME) || null;
}

export function offerLayer(transfer: DataTransfer, className: string): void {
  transfer.setData(LAYER_MIME, className);
  transfer.setData("text/plain", className);
  transfer.effectAllowed = "copy";
}

export function carriesLayer(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes(LAYER_MIME) ?? false;
}
