/** Makes an empty model with a name and opens it. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useNavigate } from "react-router";
import { createModel, rememberModel } from "@/api/models";
import { toProblem } from "@/api/problem";

const MAX_NAME_LENGTH = 120;

export function NewModelDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (wanted: string) => createModel(wanted),
    onSuccess: async (model) => {
      rememberModel(model);
      onClose();
      await navigate(`/models/${model.id}`);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate(name.trim());
  };
  const close = () => {
    create.reset();
    setName("");
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="New model" centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="Letters, digits, spaces and plain punctuation"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={MAX_NAME_LENGTH}
            error={create.error && toProblem(create.error).detail}
            data-autofocus
            required
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
