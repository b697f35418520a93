/** Chooses a weights file and sends it; what does not fit is explained, and what fits can be taken all the same. */
import { Button, FileButton, Stack } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { ProblemError } from "@/api/problem";
import { uploadWeights } from "@/api/weights";
import { MisfitNote } from "@/inspector/weights/MisfitNote";
import { useWeightChange } from "@/inspector/weights/useWeightChange";
import classes from "@/inspector/weights/Weights.module.css";
import { ErrorNote } from "@/ui/ErrorNote";

interface UploadButtonProps {
  modelId: string;
  /** One layer's Keras name; all layers where it is left out. */
  layer?: string;
  /** Buttons before and after it, in the same row. */
  before?: ReactNode;
  after?: ReactNode;
}

interface Upload {
  file: File;
  strict: boolean;
}

export function UploadButton({ modelId, layer, before, after }: UploadButtonProps) {
  const reset = useRef<() => void>(null);
  const upload = useWeightChange(modelId, ({ file, strict }: Upload) =>
    uploadWeights(modelId, file, layer === undefined ? { strict } : { layer }),
  );
  return (
    <Stack gap="xs">
      <div className={classes.buttons}>
        {before}
        <FileButton
          resetRef={reset}
          accept={layer === undefined ? ".npz,.h5,.hdf5,.keras" : ".npz"}
          onChange={(file) => {
            reset.current?.();
            if (file) upload.mutate({ file, strict: true });
          }}
        >
          {(props) => (
            <Button
              {...props}
              size="compact-sm"
              variant="default"
              leftSection={<IconUpload size={14} aria-hidden />}
              loading={upload.isPending}
            >
              Upload
            </Button>
          )}
        </FileButton>
        {after}
      </div>
      <UploadProblem upload={upload} isWhole={layer === undefined} />
    </Stack>
  );
}

interface UploadProblemProps {
  upload: {
    error: Error | null;
    variables: Upload | undefined;
    mutate: (upload: Upload) => void;
    reset: () => void;
  };
  isWhole: boolean;
}

function UploadProblem({ upload, isWhole }: UploadProblemProps) {
  const { error, variables: sent, mutate, reset } = upload;
  if (!error) return null;
  const misfits = error instanceof ProblemError ? error.issues : [];
  if (misfits.length === 0 || misfits.some(({ code }) => code !== "weights_do_not_fit")) {
    return <ErrorNote error={error} />;
  }
  const canTakeRest = isWhole && sent?.strict === true;
  return (
    <MisfitNote
      issues={misfits}
      onClose={reset}
      {...(canTakeRest && { onTakeRest: () => mutate({ file: sent.file, strict: false }) })}
    />
  );
}
