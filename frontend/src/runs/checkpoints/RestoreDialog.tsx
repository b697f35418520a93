/** Takes the model back to a checkpoint after saying what that does. */
import { useNavigate } from "react-router";
import { restoreCheckpoint } from "@/api/checkpoints";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { formatInteger } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

interface RestoreDialogProps {
  run: RunPublic;
  checkpoint: CheckpointPublic;
  opened: boolean;
  onClose: () => void;
}

export function RestoreDialog({ run, checkpoint, opened, onClose }: RestoreDialogProps) {
  const navigate = useNavigate();
  const restore = async () => {
    const { model, version, saved_draft } = await restoreCheckpoint(checkpoint);
    const saved =
      saved_draft === null ? "" : ` Its draft was saved as version ${formatInteger(saved_draft.number)}.`;
    notifySuccess(
      `${model.name} is version ${formatInteger(version.number)} with these weights now.${saved}`,
    );
    await navigate(`/models/${model.id}`);
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Restore the model to this checkpoint?"
      confirmLabel="Restore"
      onConfirm={restore}
      onClose={onClose}
    >
      The graph that this run trained becomes the draft of{" "}
      <b>{run.model_id === null ? "a new model" : run.model_name}</b> and a version of it, and the weights of
      step {formatInteger(checkpoint.step)} become the model's. What is drawn now is saved as a version
      before, so nothing is lost.
    </ConfirmDialog>
  );
}
