/** Where the open graph stands: the model, and the layers that lead inside. Each leads back to its graph. */
import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconX } from "@tabler/icons-react";
import { Panel } from "@xyflow/react";
import { Fragment } from "react";
import { useShallow } from "zustand/react/shallow";
import classes from "@/canvas/Breadcrumbs.module.css";
import { namesAlong } from "@/graph/nesting";
import { closeGraph, openGraph, useEditor } from "@/stores/editor/editorStore";

export function Breadcrumbs({ modelName }: { modelName: string }) {
  const path = useEditor((state) => state.open.path);
  const names = useEditor(useShallow((state) => namesAlong(state.history.present.graph, state.open.path)));
  if (path.length === 0) return null;
  return (
    <Panel position="top-left" className={classes.panel}>
      <nav aria-label="Open graph" className={classes.trail}>
        <UnstyledButton className={classes.step} onClick={() => openGraph([])}>
          {modelName}
        </UnstyledButton>
        {names.map((name, depth) => {
          const isLast = depth === names.length - 1;
          const here = path.slice(0, depth + 1);
          return (
            <Fragment key={here.join("/")}>
              <IconChevronRight size={13} aria-hidden className={classes.arrow} />
              <UnstyledButton
                className={classes.step}
                aria-current={isLast ? "page" : undefined}
                disabled={isLast}
                onClick={() => openGraph(here)}
              >
                {name}
              </UnstyledButton>
            </Fragment>
          );
        })}
      </nav>
      <Tooltip label="Close this graph (Esc)">
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Close this graph"
          onClick={closeGraph}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Panel>
  );
}
