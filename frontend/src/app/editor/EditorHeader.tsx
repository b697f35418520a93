/** What concerns the whole model: its name, undo, layout, versions, files, training. */
import { ActionIcon, Button, Divider, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconBinaryTree, IconPlayerPlay } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense } from "react";
import { rememberModel, renameModel } from "@/api/models";
import type { ModelPublic } from "@/api/types";
import classes from "@/app/editor/Editor.module.css";
import { SaveState } from "@/app/editor/SaveState";
import { SaveVersion } from "@/app/editor/SaveVersion";
import { Versions } from "@/app/editor/Versions";
import { arrangeAll } from "@/stores/editor/actions";
import { redo, undo, useEditor } from "@/stores/editor/editorStore";
import { EditableName } from "@/ui/EditableName";

const ExportMenu = lazy(async () => ({ default: (await import("@/drawing/ExportMenu")).ExportMenu }));

interface EditorHeaderProps {
  model: ModelPublic;
  onTrain: () => void;
}

export function EditorHeader({ model, onTrain }: EditorHeaderProps) {
  const canUndo = useEditor((state) => state.history.past.length > 0);
  const canRedo = useEditor((state) => state.history.future.length > 0);
  return (
    <div className={classes.header} role="toolbar" aria-label="Model">
      <div className={classes.name}>
        <EditableName
          name={model.name}
          noun="model"
          onRename={async (name) => rememberModel(await renameModel(model.id, name))}
        />
      </div>
      <SaveState />
      <span className={classes.spacer} />
      <ToolButton label="Undo" keys="Ctrl+Z" disabled={!canUndo} onClick={undo}>
        <IconArrowBackUp size={18} aria-hidden />
      </ToolButton>
      <ToolButton label="Redo" keys="Ctrl+Shift+Z" disabled={!canRedo} onClick={redo}>
        <IconArrowForwardUp size={18} aria-hidden />
      </ToolButton>
      <ToolButton label="Arrange all nodes" onClick={arrangeAll}>
        <IconBinaryTree size={18} aria-hidden />
      </ToolButton>
      <Divider orientation="vertical" my={4} />
      <SaveVersion model={model} />
      <Versions modelId={model.id} />
      <Suspense>
        <ExportMenu modelId={model.id} />
      </Suspense>
      <Button
        size="xs"
        aria-label="Train settings"
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
        onClick={onTrain}
      >
        Train
      </Button>
    </div>
  );
}

interface ToolButtonProps {
  label: string;
  keys?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function ToolButton({ label, keys, ...props }: ToolButtonProps) {
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label}>
      <ActionIcon
        className={classes.tool}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        {...props}
      />
    </Tooltip>
  );
}
