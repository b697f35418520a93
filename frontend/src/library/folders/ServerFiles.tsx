/** Offers the files and folders of the server that may be used where they lie; nothing where there are none. */
import { Button, Modal } from "@mantine/core";
import { IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dataFolderQuery } from "@/api/dataFolders";
import { FolderBrowser } from "@/library/folders/FolderBrowser";

interface ServerFilesProps {
  onChoose: (path: string) => void;
}

export function ServerFiles({ onChoose }: ServerFilesProps) {
  const [isOpen, setOpen] = useState(false);
  const roots = useQuery(dataFolderQuery(null));
  const [only, ...others] = roots.data?.entries ?? [];
  if (only === undefined) return null;
  const choose = (path: string) => {
    setOpen(false);
    onChoose(path);
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconServer size={14} aria-hidden />}
        onClick={() => setOpen(true)}
        style={{ alignSelf: "flex-start" }}
      >
        Use what lies on the server
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Files of the server" size="lg">
        <FolderBrowser start={others.length === 0 ? only.path : null} onChoose={choose} />
      </Modal>
    </>
  );
}
