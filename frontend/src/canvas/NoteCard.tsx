/** A note on the canvas: text, written in its place. */
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { NoteFlowNode } from "@/canvas/flowPieces";
import classes from "@/canvas/Marks.module.css";
import { LONGEST_NOTE } from "@/graph/groups";
import { useEditor, writeNote } from "@/stores/editor/editorStore";
import { changeNote, finishNote } from "@/stores/editor/structure";

export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteFlowNode>) {
  const { noteId } = data;
  const text = useEditor(
    (state) => state.open.document.graph.notes.find(({ id }) => id === noteId)?.text ?? "",
  );
  const isWriting = useEditor((state) => state.writtenNote === noteId);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the node around it is focusable; writing is in the inspector too.
    <div
      className={classes.note}
      data-selected={selected || undefined}
      onDoubleClick={(event) => {
        event.stopPropagation();
        writeNote(noteId);
      }}
    >
      {isWriting ? (
        <textarea
          className={`${classes.noteField} nodrag nopan nowheel`}
          aria-label="Text of the note"
          // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here.
          autoFocus
          placeholder="Write a note"
          maxLength={LONGEST_NOTE}
          value={text}
          onChange={({ currentTarget }) => changeNote(noteId, currentTarget.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") finishNote();
          }}
          onBlur={finishNote}
        />
      ) : (
        <div className={classes.noteText}>{text || <em>Empty note: double-click to write</em>}</div>
      )}
    </div>
  );
});
