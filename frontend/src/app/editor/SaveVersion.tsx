/** Keeps the draft as an immutable version, with a line about it. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconVersions } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, readBody } from "@/api/client";
import { modelQuery } from "@/api/models";
import { queryClient } from "@/api/queryClient";
import type { ModelPublic } from "@/api/types";
import { VERSION_LISTS } from "@/api/versions";
import classes from "@/app/editor/Editor.module.css";
import { saveNow } from "@/stores/editor/autosave";
import { ErrorNote } from "@/ui/ErrorNote";
import { notifySuccess } from "@/ui/notifications";

async function createVersion(modelId: string, message: string) {
  await saveNow();
  return readBody(
    api.POST("/api/models/{model_id}/versions", {
      params: { path: { model_id: modelId } },
      body: { message },
    }),
  );
}

export function SaveVersion({ model }: { model: ModelPublic }) {
  const [isOpen, dialog] = useDisclosure(false);
  const [message, setMessage] = useState("");
  const save = useMutation({
    mutationFn: () => createVersion(model.id, message),
    onSuccess: ({ number }) => {
      notifySuccess(`Saved as version ${number}`);
      void queryClient.invalidateQueries({ queryKey: modelQuery(model.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: VERSION_LISTS });
      setMessage("");
      dialog.close();
    },
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label="Save version"
        leftSection={<IconVersions size={15} aria-hidden />}
        onClick={() => {
          save.reset();
          dialog.open();
        }}
      >
        <span className={classes.wideOnly}>Save version</span>
        <span className={classes.narrowOnly}>Version</span>
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title="Save a version" centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            <Text size="sm" c="dimmed">
              A version never changes. Every run trains one, and you can always come back to it.
            </Text>
            <TextInput
              label="What is new (optional)"
              data-autofocus
              maxLength={500}
              value={message}
              onChange={({ currentTarget }) => setMessage(currentTarget.value)}
            />
            {save.error && <ErrorNote error={save.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button type="submit" loading={save.isPending}>
                Save version
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
