/** One file in the list, and one folder, whose files are shown when it is opened. */
import { ActionIcon, Button, Group, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight, IconDownload, IconFile, IconFolder } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RunFile } from "@/api/runFiles";
import type { Folder } from "@/runs/files/groupFiles";
import { formatBytes, formatCount } from "@/ui/format/amounts";
import { TimeAgo } from "@/ui/format/TimeAgo";

const INDENT = 34;

export function FileRow({
  file,
  name,
  indented = false,
}: {
  file: RunFile;
  name: string;
  indented?: boolean;
}) {
  return (
    <Row size={file.size} time={file.changed_at} href={file.url} of={file.path} label="Download">
      <Group gap={6} wrap="nowrap" pl={indented ? INDENT : 0}>
        <IconFile size={16} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {name}
        </Text>
      </Group>
    </Row>
  );
}

export function FolderRows({ folder, archiveUrl }: { folder: Folder; archiveUrl: string }) {
  const [opened, { toggle }] = useDisclosure();
  const href = `${archiveUrl}?folder=${encodeURIComponent(folder.name)}`;
  return (
    <>
      <Row size={folder.size} time={folder.changed_at} href={href} of={folder.name} label="As .zip">
        <Group gap={6} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={opened}
            aria-label={`Files of the folder ${folder.name}`}
            onClick={toggle}
          >
            {opened ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          </ActionIcon>
          <IconFolder size={16} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {folder.name}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {formatCount(folder.files.length, "file")}
          </Text>
        </Group>
      </Row>
      {opened &&
        folder.files.map((file) => (
          <FileRow key={file.path} file={file} name={file.path.slice(folder.name.length + 1)} indented />
        ))}
    </>
  );
}

interface RowProps {
  size: number;
  time: string;
  href: string;
  /** What is downloaded, for those who do not see the row. */
  of: string;
  label: string;
  children: ReactNode;
}

function Row({ size, time, href, of, label, children }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td>{children}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{formatBytes(size)}</Table.Td>
      <Table.Td>
        <TimeAgo time={time} />
      </Table.Td>
      <Table.Td ta="right">
        <Button
          component="a"
          href={href}
          download
          size="compact-sm"
          variant="subtle"
          leftSection={<IconDownload size={14} aria-hidden />}
          aria-label={`Download ${of}`}
        >
          {label}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
