/** The versions of a model: what each was made for, back to one of them, and what differs between them. */
import { Button, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconGitCompare, IconReportAnalytics, IconVersions } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelQuery } from "@/api/models";
import type { VersionPublic } from "@/api/types";
import { DRAFT, readVersion, type Sides, versionsQuery } from "@/api/versions";
import classes from "@/compare/Compare.module.css";
import { CompareDialog } from "@/compare/CompareDialog";
import { editDocument, showAll } from "@/stores/editor/editorStore";
import { askModel } from "@/stores/evaluation/modelQuestion";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { notifySuccess } from "@/ui/notifications";

interface VersionsDrawerProps {
  modelId: string;
  opened: boolean;
  onClose: () => void;
}

export function VersionsDrawer({ modelId, opened, onClose }: VersionsDrawerProps) {
  const [compared, setCompared] = useState<Sides | null>(null);
  return (
    <>
      <Drawer opened={opened} onClose={onClose} title="Versions" position="right" size={400}>
        {opened && (
          <VersionList
            modelId={modelId}
            onRestored={onClose}
            onCompare={(sides) => {
              onClose();
              setCompared(sides);
            }}
            onEvaluate={({ id, number }) => {
              onClose();
              askModel({ modelId, versionId: id, label: `version ${number}` });
            }}
          />
        )}
      </Drawer>
      <CompareDialog
        modelId={modelId}
        sides={compared}
        onSides={setCompared}
        onClose={() => setCompared(null)}
      />
    </>
  );
}

interface VersionListProps {
  modelId: string;
  onRestored: () => void;
  onCompare: (sides: Sides) => void;
  onEvaluate: (version: VersionPublic) => void;
}

function VersionList({ modelId, onRestored, onCompare, onEvaluate }: VersionListProps) {
  const versions = useInfiniteQuery(versionsQuery(modelId));
  const hasWeights = useQuery(modelQuery(modelId)).data?.weights != null;
  const restore = useMutation({
    mutationFn: (version: VersionPublic) => readVersion(modelId, version.id),
    onSuccess: ({ graph, layout, number }) => {
      editDocument(() => ({ graph, layout }));
      showAll();
      notifySuccess(`The draft is version ${number} again. Undo brings back what it was before.`);
      onRestored();
    },
  });
  if (versions.error) return <ErrorNote error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <Skeleton h={160} role="status" aria-label="Loading the versions" />;
  const items = versions.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={<IconVersions />} title="No versions yet">
        Save version keeps the drawing as it is now. Each training keeps one too, so that you can come back to
        what was trained.
      </EmptyState>
    );
  }
  return (
    <>
      {restore.error && <ErrorNote error={restore.error} />}
      <ul className={classes.versions} aria-label="Versions">
        {items.map((version) => (
          <li key={version.id} className={classes.version}>
            <VersionItem
              version={version}
              isRestoring={restore.isPending && restore.variables.id === version.id}
              onRestore={() => restore.mutate(version)}
              onCompare={() => onCompare({ from: version.id, to: DRAFT })}
              onEvaluate={hasWeights ? () => onEvaluate(version) : undefined}
            />
          </li>
        ))}
      </ul>
      {versions.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          fullWidth
          loading={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </>
  );
}

interface VersionItemProps {
  version: VersionPublic;
  isRestoring: boolean;
  onRestore: () => void;
  onCompare: () => void;
  /** None where the model has no weights. */
  onEvaluate: (() => void) | undefined;
}

function VersionItem({ version, isRestoring, onRestore, onCompare, onEvaluate }: VersionItemProps) {
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600}>
          Version {version.number}
        </Text>
        <Text size="xs" c="dimmed">
          <TimeAgo time={version.created_at} />
        </Text>
      </Group>
      {version.message && (
        <Text size="sm" className={classes.message}>
          {version.message}
        </Text>
      )}
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconGitCompare size={13} aria-hidden />}
          onClick={onCompare}
        >
          Compare with the draft
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowBackUp size={13} aria-hidden />}
          loading={isRestoring}
          onClick={onRestore}
        >
          Restore
        </Button>
        {onEvaluate && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconReportAnalytics size={13} aria-hidden />}
            onClick={onEvaluate}
          >
            Evaluate
          </Button>
        )}
      </Group>
    </Stack>
  );
}
