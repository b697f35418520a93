/** Where files are dropped or chosen. */
import { Button, FileButton, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import classes from "@/library/Library.module.css";

const TYPES = ".csv,.tsv,.tab,.txt,.parquet,.gz,.bz2,.zst,.npz,.npy,.h5,.hdf5,.zip";

interface FileDropProps {
  onFiles: (files: readonly File[]) => void;
  /** Whether files are there already, so that this needs less room. */
  small: boolean;
}

export function FileDrop({ onFiles, small }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <section
      aria-label="Drop data files here"
      className={classes.drop}
      data-over={isOver || undefined}
      data-small={small || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {!small && <IconUpload size={32} stroke={1.5} aria-hidden />}
      <Text size={small ? "sm" : "md"}>{small ? "Drop more files, or" : "Drop your data here, or"}</Text>
      <FileButton onChange={onFiles} accept={TYPES} multiple>
        {(props) => (
          <Button variant="light" size={small ? "xs" : "sm"} {...props}>
            Choose files
          </Button>
        )}
      </FileButton>
      {!small && (
        <Text size="sm" c="dimmed" ta="center" maw={560}>
          A table (CSV, TSV, also packed, or Parquet; several files or a zip with the same columns), arrays
          (npy, npz, HDF5; several files with the same arrays' parts), or a zip of a folder with a folder of
          images or texts (.txt) for each class
        </Text>
      )}
    </section>
  );
}
