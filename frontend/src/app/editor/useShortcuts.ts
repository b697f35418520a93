/** The editor's keys. They do nothing while a person types into a field, or has text marked for copying. */
import { useHotkeys } from "@mantine/hooks";
import {
  copySelection,
  cutSelection,
  deleteSelection,
  duplicateSelection,
  pasteClipboard,
  selectAll,
} from "@/stores/editor/actions";
import { saveNow } from "@/stores/editor/autosave";
import { redo, selectPieces, undo } from "@/stores/editor/editorStore";

function unlessTextIsMarked(action: () => void) {
  return (event: KeyboardEvent) => {
    if (window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    action();
  };
}

const KEEP_DEFAULT = { preventDefault: false };

export function useShortcuts(): void {
  useHotkeys([
    ["mod+Z", undo],
    ["mod+shift+Z", redo],
    ["mod+Y", redo],
    ["mod+C", unlessTextIsMarked(copySelection), KEEP_DEFAULT],
    ["mod+X", unlessTextIsMarked(cutSelection), KEEP_DEFAULT],
    ["mod+V", pasteClipboard],
    ["mod+D", duplicateSelection],
    ["mod+A", selectAll],
    ["Delete", deleteSelection],
    ["Backspace", deleteSelection],
    ["Escape", () => selectPieces([])],
  ]);
  // Autosave has nothing left to do most of the time; the habit must not open the browser's own dialog, fields included.
  useHotkeys([["mod+S", () => void saveNow().catch(() => undefined)]], []);
}
