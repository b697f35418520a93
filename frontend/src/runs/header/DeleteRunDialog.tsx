/** Deletes a run after asking. */
import { useNavigate } from "react-router";
import { queryClient } from "@/api/queryClient";
import { deleteRun, RUN_LISTS } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { notifySuccess } from "@/ui/notifications";

interface DeleteRunDialogProps {
  run: RunPublic;
  opened: boolean;
  onClose: () => void;
}

export function DeleteRunDialog({ run, opened, onClose }: DeleteRunDialogProps) {
  const navigate = useNavigate();
  const remove = async () => {
    await deleteRun(run.id);
    await queryClient.invalidateQueries({ queryKey: RUN_LISTS });
    notifySuccess(`The run ${run.name} was deleted.`);
    await navigate("/runs");
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Delete this run?"
      confirmLabel="Delete run"
      onConfirm={remove}
      onClose={onClose}
    >
      The curves, logs and checkpoint files of <b>{run.name}</b> are deleted for good. The model and its
      versions stay.
    </ConfirmDialog>
  );
}
