/** A group's frame: its title, to be renamed in place and dragged with all that is in the frame. */
import type { NodeProps } from "@xyflow/react";
import { memo, useState } from "react";
import type { FrameFlowNode } from "@/canvas/flowPieces";
import classes from "@/canvas/Marks.module.css";
import { LONGEST_TITLE } from "@/graph/groups";
import { choose, finishGesture, useEditor } from "@/stores/editor/editorStore";
import { changeGroupTitle } from "@/stores/editor/structure";

export const GroupFrame = memo(function GroupFrame({ data, selected }: NodeProps<FrameFlowNode>) {
  const title = useEditor(
    (state) => state.open.document.graph.groups.find(({ id }) => id === data.groupId)?.title,
  );
  const [isWriting, setWriting] = useState(false);
  if (title === undefined) return null;
  return (
    <div className={classes.frame} data-selected={selected || undefined}>
      {isWriting ? (
        <input
          className={`${classes.titleField} nodrag nopan`}
          aria-label="Title of the group"
          // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here.
          autoFocus
          maxLength={LONGEST_TITLE}
          value={title}
          onChange={({ currentTarget }) => changeGroupTitle(data.groupId, currentTarget.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
          }}
          onBlur={() => {
            setWriting(false);
            finishGesture();
          }}
        />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the frame around it is the focusable node; renaming is in the inspector too.
        <div
          className={classes.title}
          title="Drag to move the group, double-click to rename it"
          onDoubleClick={() => {
            choose({ groups: [data.groupId] });
            setWriting(true);
          }}
        >
          {title || "Untitled"}
        </div>
      )}
    </div>
  );
});
