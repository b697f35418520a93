/** The files of the data set to be: those that are sent, and those that lie on the server already. */
import { Button, Stack } from "@mantine/core";
import { FileDrop } from "@/library/FileDrop";
import { PlacedList } from "@/library/folders/PlacedList";
import { ServerFiles } from "@/library/folders/ServerFiles";
import { Section } from "@/library/Section";
import { UploadList } from "@/library/UploadList";
import type { Upload } from "@/stores/library/uploads";

interface FilesSectionProps {
  uploads: readonly Upload[];
  /** Paths on the server. */
  placed: readonly string[];
  onFiles: (files: readonly File[]) => void;
  onPlace: (paths: readonly string[]) => void;
  onAnew: () => void;
}

export function FilesSection({ uploads, placed, onFiles, onPlace, onAnew }: FilesSectionProps) {
  const hasFiles = uploads.length + placed.length > 0;
  const anew = (
    <Button variant="subtle" color="gray" size="compact-xs" onClick={onAnew}>
      Start anew
    </Button>
  );
  return (
    <Section title="Files" aside={hasFiles && anew}>
      <Stack>
        {uploads.length > 0 && <UploadList uploads={uploads} />}
        {placed.length > 0 && (
          <PlacedList paths={placed} onRemove={(gone) => onPlace(placed.filter((path) => path !== gone))} />
        )}
        <FileDrop onFiles={onFiles} small={hasFiles} />
        <ServerFiles onChoose={(path) => onPlace([...new Set([...placed, path])])} />
      </Stack>
    </Section>
  );
}
