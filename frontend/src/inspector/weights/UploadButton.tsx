/** Chooses a weights file and sends it; what does not fit is explained, and what fits can be taken all the same. */
import { Button, FileButton, Stack } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { ProblemError } from "@/api/problem";
import { uploadWeights } from "@/api/weights";
import { useWeightChange } from "@/inspector/weights/useWeightChange";
import { ErrorNote } from "@/ui/ErrorNote";

interface UploadButtonProps {
  modelId: string;
  /** One layer's Keras name; all layers where it is left out. */
  layer?: string;
}

interface Upload {
  file: File;
  strict: boolean;
}

export function UploadButton({ modelId, layer }: UploadButtonProps) {
  const reset = useRef<() => void>(null);
  const upload = useWeightChange(modelId, ({ file, strict }: Upload) =>
    uploadWeights(modelId, file, layer === undefined ? { strict } : { layer }),
  );
  const sent = upload.variables;
  const isMisfit =
    upload.error instanceof ProblemError &&
    upload.error.issues.some(({ code }) => code === "weights_do_not_fit");
  return (
    <Stack gap="xs" flex="0 1 auto" maw="100%">
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
            w="fit-content"
            leftSection={<IconUpload size={14} aria-hidden />}
            loading={upload.isPending}
          >
            Upload
          </Button>
        )}
      </FileButton>
      {upload.error && <ErrorNote error={upload.error} />}
      {isMisfit && layer === undefined && sent?.strict && (
        <Button
          size="compact-sm"
          variant="light"
          w="fit-content"
          onClick={() => upload.mutate({ file: sent.file, strict: false })}
        >
          Take what fits
        </Button>
      )}
    </Stack>
  );
}
