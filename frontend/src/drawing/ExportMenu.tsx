/** The model as a file, in every format that the server writes, and its drawing. */
import { Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconSchema } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { type ExportFormat, exportModel } from "@/api/exports";
import { ExportProblem } from "@/drawing/ExportProblem";
import { saveNow } from "@/stores/editor/autosave";
import { notifySuccess } from "@/ui/notifications";
import { saveFile } from "@/ui/saveFile";

const ModelDrawing = lazy(async () => ({ default: (await import("@/drawing/ModelDrawing")).ModelDrawing }));

const FORMATS: readonly { format: ExportFormat; label: string; extension: string }[] = [
  { format: "keras", label: "Keras model", extension: ".keras" },
  { format: "h5", label: "HDF5 model", extension: ".h5" },
  { format: "json", label: "Keras JSON", extension: ".json" },
  { format: "python", label: "Python code", extension: ".py" },
  { format: "dot", label: "Graphviz", extension: ".dot" },
  { format: "svg", label: "Drawing", extension: ".svg" },
];

export function ExportMenu({ modelId }: { modelId: string }) {
  const [drawing, { open, close }] = useDisclosure();
  const download = useMutation({
    mutationFn: async (format: ExportFormat) => {
      await saveNow();
      return exportModel(modelId, format);
    },
    onSuccess: ({ blob, filename }) => {
      saveFile(blob, filename);
      notifySuccess(`Saved ${filename}.`);
    },
  });
  const showDrawing = useMutation({ mutationFn: saveNow, onSuccess: open });
  const error = download.error ?? showDrawing.error;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={download.isPending}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconSchema size={16} aria-hidden />} onClick={() => showDrawing.mutate()}>
            Show the drawing
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Download as</Menu.Label>
          {FORMATS.map(({ format, label, extension }) => (
            <Menu.Item
              key={format}
              onClick={() => download.mutate(format)}
              rightSection={
                <Text size="xs" c="dimmed" ff="monospace">
                  {extension}
                </Text>
              }
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ExportProblem
        error={error}
        onClose={() => {
          download.reset();
          showDrawing.reset();
        }}
      />
      <Suspense>
        <ModelDrawing modelId={modelId} opened={drawing} onClose={close} />
      </Suspense>
    </>
  );
}
