/** A file that is dropped or chosen, on its way to the server. */
import { Button, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { type FileUpload, uploadModel } from "@/api/imports";
import type { ImportedModel } from "@/api/types";
import classes from "@/home/importing/Importing.module.css";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatBytes } from "@/ui/format/amounts";

interface Sending {
  readonly file: File;
  readonly share: number;
}

export function FileImport({ onImported }: { onImported: (model: ImportedModel) => void }) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isOver, setIsOver] = useState(false);
  const upload = useRef<FileUpload | null>(null);
  useEffect(() => () => upload.current?.cancel(), []);

  const send = async (file: File | null | undefined) => {
    if (!file || sending) return;
    setError(null);
    setSending({ file, share: 0 });
    upload.current = uploadModel(file, (share) => setSending({ file, share }));
    try {
      onImported(await upload.current.result);
    } catch (failure) {
      if (!(failure instanceof DOMException && failure.name === "AbortError")) setError(failure);
    } finally {
      upload.current = null;
      setSending(null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void send(event.dataTransfer.files[0]);
  };

  return (
    <Stack>
      <section
        aria-label="Drop a model file here"
        className={classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        {sending ? (
          <SendingNote sending={sending} onCancel={() => upload.current?.cancel()} />
        ) : (
          <>
            <IconUpload size={32} stroke={1.5} aria-hidden />
            <Text>Drop a model file here, or</Text>
            <FileButton onChange={(file) => void send(file)} accept=".keras,.h5,.hdf5,.json">
              {(props) => (
                <Button variant="light" {...props}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Text size="sm" c="dimmed" ta="center">
              .keras and .h5 files with their weights, and the JSON of to_json(); of Keras 3 and Keras 2
            </Text>
          </>
        )}
      </section>
      {error !== null && <ErrorNote error={error} />}
    </Stack>
  );
}

function SendingNote({ sending: { file, share }, onCancel }: { sending: Sending; onCancel: () => void }) {
  const isSent = share >= 1;
  return (
    <Stack w="100%" gap="sm" role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          {file.name}
        </Text>
        <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {isSent ? "reading the model…" : `${formatBytes(share * file.size)} of ${formatBytes(file.size)}`}
        </Text>
      </Group>
      <Progress value={isSent ? 100 : share * 100} animated={isSent} aria-label="Upload" />
      <Group justify="center">
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}
