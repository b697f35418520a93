/** What can be done with a checkpoint besides downloading it. */
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconGitFork, IconPlayerPlay, IconRestore } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { ForkDialog } from "@/runs/checkpoints/ForkDialog";
import { GoOnDialog } from "@/runs/checkpoints/GoOnDialog";
import { findGoingOnObstacle } from "@/runs/checkpoints/goingOn";
import { RestoreDialog } from "@/runs/checkpoints/RestoreDialog";
import { useTakeWeights } from "@/runs/checkpoints/useTakeWeights";

interface CheckpointMenuProps {
  checkpoint: CheckpointPublic;
  run: RunPublic;
}

export function CheckpointMenu({ checkpoint, run }: CheckpointMenuProps) {
  const [dialog, setDialog] = useState<"go on" | "fork" | "restore" | null>(null);
  const take = useTakeWeights(checkpoint, run);
  const shared = { run, checkpoint, onClose: () => setDialog(null) };
  const modelId = run.model_id;
  const damaged = checkpoint.is_whole ? null : "The file is damaged";
  const gone = damaged ?? (modelId === null ? "Its model was deleted" : null);
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            loading={take.isPending}
            aria-label={`What to do with the checkpoint of step ${checkpoint.step}`}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Item
            icon={<IconPlayerPlay size={16} aria-hidden />}
            label="Go on from here…"
            obstacle={findGoingOnObstacle(checkpoint, run)}
            onClick={() => setDialog("go on")}
          />
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
      <GoOnDialog {...shared} opened={dialog === "go on"} />
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
