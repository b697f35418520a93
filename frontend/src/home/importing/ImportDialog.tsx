/** Makes a model from a file, an architecture or JSON, and tells what could not be taken over before it opens. */
import { Modal, Tabs } from "@mantine/core";
import { IconBraces, IconFile, IconTopologyStar3 } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rememberModel } from "@/api/models";
import type { ImportedModel } from "@/api/types";
import { ApplicationImport } from "@/home/importing/ApplicationImport";
import { FileImport } from "@/home/importing/FileImport";
import { ImportReport } from "@/home/importing/ImportReport";
import { JsonImport } from "@/home/importing/JsonImport";

interface ImportDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function ImportDialog({ opened, onClose }: ImportDialogProps) {
  const [imported, setImported] = useState<ImportedModel | null>(null);
  const navigate = useNavigate();
  const open = (model: ImportedModel) => {
    onClose();
    void navigate(`/models/${model.id}`);
  };
  const take = (model: ImportedModel) => {
    rememberModel(model);
    if (model.report.length === 0) open(model);
    else setImported(model);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setImported(null)}
      title={imported ? `Imported ${imported.name}` : "Import a model"}
      size="lg"
      centered
    >
      {imported ? (
        <ImportReport model={imported} onOpen={() => open(imported)} />
      ) : (
        <Tabs defaultValue="file" keepMounted>
          <Tabs.List mb="md">
            <Tabs.Tab value="file" leftSection={<IconFile size={16} aria-hidden />}>
              File
            </Tabs.Tab>
            <Tabs.Tab value="application" leftSection={<IconTopologyStar3 size={16} aria-hidden />}>
              Architecture
            </Tabs.Tab>
            <Tabs.Tab value="json" leftSection={<IconBraces size={16} aria-hidden />}>
              JSON
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="file">
            <FileImport onImported={take} />
          </Tabs.Panel>
          <Tabs.Panel value="application">
            <ApplicationImport onImported={take} />
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <JsonImport onImported={take} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  );
}
