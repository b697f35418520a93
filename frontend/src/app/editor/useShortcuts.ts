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
import { closeGraph, openNode, redo, selectPieces, undo, useEditor } from "@/stores/editor/editorStore";
import { groupSelection, nestSelection } from "@/stores/editor/structure";

function unlessTextIsMarked(action: () => void) {
  return (event: KeyboardEvent) => {
    if (window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    action();
  };
}

/** Opens the model of the chosen node, unless Enter was meant for a button. */
function openChosen({ target }: KeyboardEvent): void {
  const isElsewhere = target instanceof Element && target.closest("button, a, [role=menu], [role=dialog]");
  const { selectedNodes } = useEditor.getState();
  const [nodeId] = selectedNodes;
  if (!isElsewhere && nodeId !== undefined && selectedNodes.size === 1) openNode(nodeId);
}

/** First gives up what is chosen, then leaves the open graph. */
function leave({ defaultPrevented, target }: KeyboardEvent): void {
  if (defaultPrevented || (target instanceof Element && target.closest("[role=menu], [role=dialog]"))) return;
  const { selectedNodes, selectedEdges, selectedGroups, selectedNotes } = useEditor.getState();
  const chosen = selectedNodes.size + selectedEdges.size + selectedGroups.size + selectedNotes.size;
  if (chosen > 0) selectPieces([]);
  else closeGraph();
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
    ["mod+G", groupSelection],
    ["mod+shift+G", () => void nestSelection()],
    ["Enter", openChosen, KEEP_DEFAULT],
    ["Escape", leave, KEEP_DEFAULT],
  ]);
  // Autosave has nothing left to do most of the time; the habit must not open the browser's own dialog, fields included.
  useHotkeys([["mod+S", () => void saveNow().catch(() => undefined)]], []);
}
