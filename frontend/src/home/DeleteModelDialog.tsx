/** Deletes a model after asking. */
import { deleteModel, MODEL_LISTS } from "@/api/models";
import { queryClient } from "@/api/queryClient";
import type { ModelPublic } from "@/api/types";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { formatCount } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

interface DeleteModelDialogProps {
  model: ModelPublic;
  opened: boolean;
  onClose: () => void;
}

export function DeleteModelDialog({ model, opened, onClose }: DeleteModelDialogProps) {
  const remove = async () => {
    await deleteModel(model.id);
    await queryClient.invalidateQueries({ queryKey: MODEL_LISTS });
    notifySuccess(`The model ${model.name} was deleted.`);
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Delete this model?"
      confirmLabel="Delete model"
      onConfirm={remove}
      onClose={onClose}
    >
      <b>{model.name}</b> and its {formatCount(model.versions, "version")} are deleted for good.
      {model.runs > 0 && " Its runs stay in the list of runs."}
    </ConfirmDialog>
  );
}
