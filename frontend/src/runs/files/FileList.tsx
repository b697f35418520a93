/** What the callbacks of a run have written: each file, and whole folders as an archive. */
import { Button, Card, Group, Skeleton, Table, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isFinal } from "@/api/events";
import { type RunFiles, runFilesQuery } from "@/api/runFiles";
import type { RunPublic } from "@/api/types";
import { FileRow, FolderRows } from "@/runs/files/FileRows";
import { groupFiles } from "@/runs/files/groupFiles";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatBytes, formatCount, formatInteger } from "@/ui/format/amounts";

/** So often the list is looked at again while the run may still write. */
const RENEW_MS = 5000;

export function FileList({ run }: { run: RunPublic }) {
  const files = useQuery({
    ...runFilesQuery(run.id),
    refetchInterval: isFinal(run.status) ? false : RENEW_MS,
  });
  const { refetch } = files;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a run writes at its end is seen at once
  useEffect(() => {
    void refetch();
  }, [run.status, refetch]);
  const found = files.data;
  return (
    <Card withBorder padding="md" component="section" aria-label="Files">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Files
        </Title>
        {found !== undefined && found.total > 1 && (
          <Button
            component="a"
            href={found.archive_url}
            download
            size="compact-sm"
            variant="subtle"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {`All ${formatInteger(found.total)} as .zip (${formatBytes(found.total_size)})`}
          </Button>
        )}
      </Group>
      {files.isPending && <Skeleton h={32} />}
      {files.error && <ErrorNote error={files.error} onRetry={() => void refetch()} />}
      {found?.total === 0 && (
        <Text size="sm" c="dimmed">
          None. Callbacks such as CSVLogger, ModelCheckpoint and TensorBoard write some.
        </Text>
      )}
      {found !== undefined && found.total > 0 && <Rows found={found} />}
    </Card>
  );
}

function Rows({ found }: { found: RunFiles }) {
  const { folders, files } = groupFiles(found.items);
  const left = found.total - found.items.length;
  return (
    <>
      <Table.ScrollContainer minWidth={520} type="native">
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th w={110}>Size</Table.Th>
              <Table.Th w={150}>Written</Table.Th>
              <Table.Th w={140} aria-label="Download" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {folders.map((folder) => (
              <FolderRows key={folder.name} folder={folder} archiveUrl={found.archive_url} />
            ))}
            {files.map((file) => (
              <FileRow key={file.path} file={file} name={file.path} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {left > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {`${formatCount(left, "more file is", "more files are")} in the archive only`}
        </Text>
      )}
    </>
  );
}
