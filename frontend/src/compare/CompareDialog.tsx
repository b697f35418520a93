/** Two versions, or a version and the draft, side by side: what differs as a list and as a picture. */
import { ActionIcon, Group, Modal, Select, Skeleton, Stack, Tabs, Tooltip } from "@mantine/core";
import { IconArrowsExchange, IconEqual } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { VersionPublic } from "@/api/types";
import { DRAFT, readDiff, type Sides, versionsQuery } from "@/api/versions";
import { ChangeList } from "@/compare/ChangeList";
import { CompareSummary } from "@/compare/CompareSummary";
import { DiffPicture } from "@/compare/DiffPicture";
import { describeDiff } from "@/compare/describeChanges";
import { saveNow } from "@/stores/editor/autosave";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";

interface CompareDialogProps {
  modelId: string;
  /** Null while nothing is compared. */
  sides: Sides | null;
  onSides: (sides: Sides) => void;
  onClose: () => void;
}

export function CompareDialog({ modelId, sides, onSides, onClose }: CompareDialogProps) {
  return (
    <Modal
      opened={sides !== null}
      onClose={onClose}
      title="Compare versions"
      size="min(1100px, 92vw)"
      centered
    >
      {sides && (
        <Stack gap="sm">
          <SidesChoice modelId={modelId} sides={sides} onSides={onSides} />
          <Comparison modelId={modelId} sides={sides} onClose={onClose} />
        </Stack>
      )}
    </Modal>
  );
}

function Comparison({ modelId, sides, onClose }: { modelId: string; sides: Sides; onClose: () => void }) {
  const diff = useQuery({
    queryKey: ["diff", modelId, sides],
    queryFn: async ({ signal }) => {
      await saveNow();
      return readDiff(modelId, sides, signal);
    },
    gcTime: 0,
    staleTime: 0,
  });
  if (diff.error) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} />;
  if (!diff.data) return <Skeleton h={320} role="status" aria-label="Comparing" />;
  if (diff.data.diff.same) {
    return (
      <EmptyState icon={<IconEqual />} title="Nothing differs">
        Both are the same model. Where nodes stand on the canvas is not compared.
      </EmptyState>
    );
  }
  const sections = describeDiff(diff.data.diff);
  return (
    <>
      <CompareSummary result={diff.data} sections={sections} />
      <Tabs defaultValue="changes" keepMounted={false}>
        <Tabs.List mb="xs">
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          <Tabs.Tab value="picture">Picture</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="changes">
          <ChangeList sections={sections} onShow={sides.to === DRAFT ? onClose : null} />
        </Tabs.Panel>
        <Tabs.Panel value="picture">
          <DiffPicture modelId={modelId} sides={sides} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

interface SidesChoiceProps {
  modelId: string;
  sides: Sides;
  onSides: (sides: Sides) => void;
}

function SidesChoice({ modelId, sides, onSides }: SidesChoiceProps) {
  const versions = useInfiniteQuery(versionsQuery(modelId));
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  const data = [{ value: DRAFT, label: "Draft" }, ...items.map(toOption)];
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Select
        size="xs"
        label="From"
        flex={1}
        data={data}
        value={sides.from}
        allowDeselect={false}
        onChange={(from) => from && onSides({ ...sides, from })}
      />
      <Tooltip label="Exchange both sides">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Exchange both sides"
          onClick={() => onSides({ from: sides.to, to: sides.from })}
        >
          <IconArrowsExchange size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Select
        size="xs"
        label="To"
        flex={1}
        data={data}
        value={sides.to}
        allowDeselect={false}
        onChange={(to) => to && onSides({ ...sides, to })}
      />
    </Group>
  );
}

function toOption({ id, number, message }: VersionPublic) {
  return { value: id, label: message ? `Version ${number}: ${message}` : `Version ${number}` };
}
