/** Name, status and what can be done with a run. */
import { ActionIcon, Anchor, Button, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { IconDots, IconDownload, IconSchema, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { isFinal } from "@/api/events";
import { readHistory, rememberRun, renameRun } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import { ConnectionNote } from "@/runs/header/ConnectionNote";
import { DeleteRunDialog } from "@/runs/header/DeleteRunDialog";
import { PlanChip } from "@/runs/plan/PlanChip";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { EditableName } from "@/ui/EditableName";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { notifyError } from "@/ui/notifications";
import { StatusBadge } from "@/ui/runs/StatusBadge";
import { saveFile } from "@/ui/saveFile";

export function RunHeader({ run }: { run: RunPublic }) {
  const status = useLiveRun(run.id, (live) => live.status) ?? run.status;
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <Stack gap={4} miw={0}>
        <Group gap="sm" wrap="nowrap">
          <Title order={1} size="h2" component="h1">
            <EditableName
              key={run.name}
              name={run.name}
              noun="run"
              onRename={async (name) => rememberRun(await renameRun(run.id, name))}
            />
          </Title>
          <StatusBadge status={status} size="lg" />
          {!isFinal(status) && <ConnectionNote />}
        </Group>
        <Text size="sm" c="dimmed" component="div">
          <ModelLink run={run} />, launched <TimeAgo time={run.created_at} />
        </Text>
        <div>
          <PlanChip runId={run.id} />
        </div>
      </Stack>
      <Group gap="sm">
        {run.model_id !== null && (
          <Button
            component={Link}
            to={`/models/${run.model_id}`}
            variant="default"
            leftSection={<IconSchema size={16} aria-hidden />}
          >
            Open model
          </Button>
        )}
        <MoreMenu run={run} final={isFinal(status)} />
      </Group>
    </Group>
  );
}

function ModelLink({ run }: { run: RunPublic }) {
  const version = run.version_number === null ? "" : `, version ${run.version_number}`;
  if (run.model_id === null) return <>{`Model ${run.model_name} (deleted)${version}`}</>;
  return (
    <>
      Model{" "}
      <Anchor component={Link} to={`/models/${run.model_id}`} inherit>
        {run.model_name}
      </Anchor>
      {version}
    </>
  );
}

function MoreMenu({ run, final }: { run: RunPublic; final: boolean }) {
  const [deleting, setDeleting] = useState(false);
  const downloadHistory = async () => {
    try {
      const history = await readHistory(run.id);
      const text = JSON.stringify(history, null, 2);
      saveFile(new Blob([text], { type: "application/json" }), `${run.name}-history.json`);
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => void downloadHistory()}
          >
            Download History (JSON)
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={!final}
            onClick={() => setDeleting(true)}
          >
            {final ? "Delete run" : "Delete run (stop it first)"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteRunDialog run={run} opened={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}
