/** Gives a model another name. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { rememberModel, renameModel } from "@/api/models";
import { toProblem } from "@/api/problem";
import type { ModelPublic } from "@/api/types";

const MAX_NAME_LENGTH = 120;

interface RenameModelDialogProps {
  model: ModelPublic;
  opened: boolean;
  onClose: () => void;
}

export function RenameModelDialog({ model, opened, onClose }: RenameModelDialogProps) {
  const [name, setName] = useState(model.name);
  const rename = useMutation({
    mutationFn: (wanted: string) => renameModel(model.id, wanted),
    onSuccess: (renamed) => {
      rememberModel(renamed);
      onClose();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    rename.mutate(name.trim());
  };
  const close = () => {
    rename.reset();
    setName(model.name);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Rename the model" centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={MAX_NAME_LENGTH}
            error={rename.error && toProblem(rename.error).detail}
            data-autofocus
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={name.trim() === ""}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
