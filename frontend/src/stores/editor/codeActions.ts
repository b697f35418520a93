/** Changing the Python of a layer: its class goes by the name that the code gives it. */
import { findClassName } from "@/graph/codeEntries";
import { changeLayer } from "@/graph/layers";
import { editOpen } from "@/stores/editor/editorStore";

export function changeCode(layerId: string, code: string): void {
  editOpen(
    (document) =>
      changeLayer(document, layerId, (layer) => ({
        ...layer,
        code,
        class_name: findClassName(code) ?? layer.class_name,
      })),
    `code ${layerId}`,
  );
}

/** Replaces the arguments that the class is made with. */
export function changeConfig(layerId: string, config: Record<string, unknown>): void {
  editOpen(
    (document) => changeLayer(document, layerId, (layer) => ({ ...layer, config })),
    `config ${layerId}`,
  );
}
