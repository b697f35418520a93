/** A place to drop an image on, or to choose one. */
import { Button, FileButton, Text } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useState } from "react";
import classes from "@/evaluation/Evaluation.module.css";

interface ImageDropProps {
  file: File | null;
  busy: boolean;
  onPick: (file: File) => void;
}

export function ImageDrop({ file, busy, onPick }: ImageDropProps) {
  const [over, setOver] = useState(false);
  return (
    <section
      className={classes.drop}
      aria-label="Image"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [dropped] = event.dataTransfer.files;
        if (dropped) onPick(dropped);
      }}
    >
      <Text size="sm" c="dimmed">
        {file === null ? "Drop a PNG or JPEG here" : file.name}
      </Text>
      <FileButton accept="image/png,image/jpeg" onChange={(picked) => picked && onPick(picked)}>
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="default"
            loading={busy}
            leftSection={<IconPhoto size={14} aria-hidden />}
          >
            {file === null ? "Choose an image" : "Choose another"}
          </Button>
        )}
      </FileButton>
    </section>
  );
}
