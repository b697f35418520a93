/** Somebody else has saved another draft meanwhile: which one shall it be? */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { keepMine, takeTheirs } from "@/stores/editor/autosave";
import { useEditor } from "@/stores/editor/editorStore";
import { ErrorNote } from "@/ui/ErrorNote";

export function ConflictDialog() {
  const isOpen = useEditor((state) => state.saveStatus === "conflict");
  const keep = useMutation({ mutationFn: keepMine });
  const take = useMutation({ mutationFn: takeTheirs });
  const error = keep.error ?? take.error;
  return (
    <Modal
      opened={isOpen}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="This model was changed elsewhere"
      centered
    >
      <Stack>
        <Text size="sm">
          Another page or program has saved a different draft since this page read it. Nothing has been
          overwritten. Take the other draft, and Undo brings yours back; or keep yours, and it replaces the
          other one.
        </Text>
        {error && <ErrorNote error={error} />}
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={keep.isPending}
            disabled={take.isPending}
            onClick={() => keep.mutate()}
          >
            Keep mine
          </Button>
          <Button
            loading={take.isPending}
            disabled={keep.isPending}
            onClick={() => take.mutate()}
            data-autofocus
          >
            Take the other draft
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
