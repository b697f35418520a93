/** What can be done with a checkpoint besides downloading it. */
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconGitFork, IconPlayerPlay, IconRestore } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { resumeRun } from "@/api/control";
import { isFinal } from "@/api/events";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { ForkDialog } from "@/runs/checkpoints/ForkDialog";
import { RestoreDialog } from "@/runs/checkpoints/RestoreDialog";
import { useTakeWeights } from "@/runs/checkpoints/useTakeWeights";
import { notifyError, notifySuccess } from "@/ui/notifications";

interface CheckpointMenuProps {
  checkpoint: CheckpointPublic;
  run: RunPublic;
  /** Whether it is the one from which the run would go on. */
  isNext: boolean;
}

export function CheckpointMenu({ checkpoint, run, isNext }: CheckpointMenuProps) {
  const [dialog, setDialog] = useState<"fork" | "restore" | null>(null);
  const take = useTakeWeights(checkpoint, run);
  const resume = useMutation({
    mutationFn: () => resumeRun(run.id),
    onSuccess: () => notifySuccess(`${run.name} goes on from step ${checkpoint.step}.`),
    onError: notifyError,
  });
  const shared = { run, checkpoint, onClose: () => setDialog(null) };
  const modelId = run.model_id;
  const damaged = checkpoint.is_whole ? null : "The file is damaged";
  const gone = damaged ?? (modelId === null ? "Its model was deleted" : null);
  const resumable = isNext && run.can_resume && isFinal(run.status) && run.status !== "finished";
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            loading={take.isPending || resume.isPending}
            aria-label={`What to do with the checkpoint of step ${checkpoint.step}`}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {resumable && (
            <Item
              icon={<IconPlayerPlay size={16} aria-hidden />}
              label="Resume the run from here"
              onClick={() => resume.mutate()}
            />
          )}
          <Item
            icon={<IconGitFork size={16} aria-hidden />}
            label="Fork a new run…"
            obstacle={gone}
            onClick={() => setDialog("fork")}
          />
          <Item
            icon={<IconArrowBackUp size={16} aria-hidden />}
            label={`Use these weights in ${run.model_name}`}
            obstacle={gone}
            onClick={() => modelId !== null && take.mutate(modelId)}
          />
          <Item
            icon={<IconRestore size={16} aria-hidden />}
            label="Restore the model to this…"
            obstacle={damaged}
            onClick={() => setDialog("restore")}
          />
        </Menu.Dropdown>
      </Menu>
      <ForkDialog {...shared} opened={dialog === "fork"} />
      <RestoreDialog {...shared} opened={dialog === "restore"} />
    </>
  );
}

interface ItemProps {
  icon: ReactNode;
  label: string;
  obstacle?: string | null;
  onClick: () => void;
}

function Item({ icon, label, obstacle = null, onClick }: ItemProps) {
  return (
    <Menu.Item leftSection={icon} disabled={obstacle !== null} onClick={onClick}>
      {label}
      {obstacle !== null && (
        <Text size="xs" c="dimmed">
          {obstacle}
        </Text>
      )}
    </Menu.Item>
  );
}
