/** Saves before the page is left and, where that fails, asks before anything is lost. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useBeforeUnload, useBlocker } from "react-router";
import { hasUnsavedChanges, saveNow } from "@/stores/editor/autosave";
import { ErrorNote } from "@/ui/ErrorNote";

export function LeaveGuard() {
  // Another graph of the same model is another address of the same page.
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && hasUnsavedChanges(),
  );
  const { mutate, error, isPending } = useMutation({ mutationFn: saveNow });
  const { state, proceed } = blocker;
  useEffect(() => {
    if (state === "blocked") mutate(undefined, { onSuccess: () => proceed() });
  }, [state, proceed, mutate]);
  useBeforeUnload((event) => {
    if (!hasUnsavedChanges()) return;
    event.preventDefault();
    void saveNow().catch(() => undefined);
  });
  useEffect(() => {
    const saveWhenHidden = () => {
      if (document.visibilityState === "hidden") void saveNow().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", saveWhenHidden);
    return () => document.removeEventListener("visibilitychange", saveWhenHidden);
  }, []);
  const stay = () => blocker.reset?.();
  return (
    <Modal
      opened={state === "blocked" && error !== null}
      onClose={stay}
      title="Your last changes are not saved"
      centered
    >
      <Stack>
        {error && <ErrorNote error={error} />}
        <Text size="sm">If you leave now they are lost.</Text>
        <Group justify="flex-end">
          <Button variant="subtle" color="red" onClick={() => proceed?.()}>
            Leave anyway
          </Button>
          <Button variant="default" onClick={stay}>
            Stay
          </Button>
          <Button
            loading={isPending}
            onClick={() => mutate(undefined, { onSuccess: () => proceed?.() })}
            data-autofocus
          >
            Try again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
