/** Walks through the server's folders to a file, or to a folder that is used whole. */
import { Button, Group, ScrollArea, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconCornerLeftUp, IconFile, IconFolder } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dataFolderQuery } from "@/api/dataFolders";
import classes from "@/library/folders/FolderBrowser.module.css";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatBytes, formatInteger } from "@/ui/format/amounts";
import { PageLoader } from "@/ui/PageLoader";

interface FolderBrowserProps {
  /** Where it begins; null for the list of the folders that are allowed. */
  start: string | null;
  onChoose: (path: string) => void;
}

export function FolderBrowser({ start, onChoose }: FolderBrowserProps) {
  const [path, setPath] = useState(start);
  const listing = useQuery({ ...dataFolderQuery(path), placeholderData: keepPreviousData });
  if (listing.error) {
    return (
      <Stack>
        <ErrorNote error={listing.error} onRetry={() => void listing.refetch()} />
        {path !== start && <BackButton onClick={() => setPath(start)} />}
      </Stack>
    );
  }
  if (!listing.data) return <PageLoader />;
  const { path: shown, parent, entries, left_out: leftOut = 0 } = listing.data;
  const above = shown === null || shown === start ? undefined : (parent ?? null);
  return (
    <Stack gap="sm" aria-busy={listing.isPlaceholderData}>
      {shown !== null && (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" className={classes.path} title={shown}>
            {shown}
          </Text>
          <Button size="xs" onClick={() => onChoose(shown)} style={{ flexShrink: 0 }}>
            Use this folder
          </Button>
        </Group>
      )}
      <ScrollArea.Autosize mah="50vh" type="auto" offsetScrollbars="y">
        <ul className={classes.list} aria-label="Files and folders">
          {above !== undefined && (
            <Row
              icon={<IconCornerLeftUp size={16} aria-hidden />}
              name="One folder up"
              onClick={() => setPath(above)}
            />
          )}
          {entries.map(({ name, path: place, bytes }) => (
            <Row
              key={place}
              icon={
                bytes === null ? <IconFolder size={16} aria-hidden /> : <IconFile size={16} aria-hidden />
              }
              name={name}
              note={bytes === null ? undefined : formatBytes(bytes)}
              onClick={() => (bytes === null ? setPath(place) : onChoose(place))}
            />
          ))}
        </ul>
      </ScrollArea.Autosize>
      {entries.length === 0 && (
        <EmptyState icon={<IconFolder size={28} aria-hidden />} title="Nothing lies in this folder" />
      )}
      {leftOut > 0 && (
        <Text size="xs" c="dimmed">
          {formatInteger(leftOut)} more are not shown: use the whole folder, or a smaller one in it.
        </Text>
      )}
    </Stack>
  );
}

interface RowProps {
  icon: React.ReactNode;
  name: string;
  note?: string | undefined;
  onClick: () => void;
}

function Row({ icon, name, note, onClick }: RowProps) {
  return (
    <li>
      <UnstyledButton className={classes.row} onClick={onClick}>
        {icon}
        <Text size="sm" truncate title={name} flex={1}>
          {name}
        </Text>
        {note && (
          <Text size="xs" c="dimmed" className={classes.note}>
            {note}
          </Text>
        )}
      </UnstyledButton>
    </li>
  );
}

function BackButton({ onClick }: { onClick: () => void }) {
  return (
    <Button variant="default" onClick={onClick} style={{ alignSelf: "flex-start" }}>
      Back to the beginning
    </Button>
  );
}
