/** Lets a run go on from one of its checkpoints after saying what becomes of what it did since. */
import { useQueryClient } from "@tanstack/react-query";
import { resumeRun } from "@/api/control";
import { checkpointsQuery } from "@/api/runs";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { formatInteger } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

interface GoOnDialogProps {
  run: RunPublic;
  checkpoint: CheckpointPublic;
  opened: boolean;
  onClose: () => void;
}

export function GoOnDialog({ run, checkpoint, opened, onClose }: GoOnDialogProps) {
  const queries = useQueryClient();
  const step = formatInteger(checkpoint.step);
  const goOn = async () => {
    await resumeRun(run.id, checkpoint.id);
    // From those of later steps it can no longer go on.
    void queries.invalidateQueries({ queryKey: checkpointsQuery(run.id).queryKey });
    notifySuccess(`${run.name} goes on from step ${step}.`);
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Go on from step ${step}?`}
      confirmLabel="Go on from here"
      onConfirm={goOn}
      onClose={onClose}
    >
      <b>{run.name}</b> trains on from there, and its curves show the new way. Checkpoints of later steps can
      still be downloaded or forked for as long as they are kept, but not gone on from. A learning rate or a
      number of epochs that was set later is set again at its step, unless you set another one before.
    </ConfirmDialog>
  );
}
