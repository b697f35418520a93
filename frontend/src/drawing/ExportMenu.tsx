/** The model as a file, in every format that the server writes, and its drawing. */
import { ActionIcon, Button, Group, Menu, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconSchema, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Fragment, lazy, Suspense } from "react";
import { fetchExports } from "@/api/exports";
import type { ExportChoices } from "@/api/types";
import { ExportProblem } from "@/drawing/ExportProblem";
import { FormatItem } from "@/drawing/FormatItem";
import { groupFormats } from "@/drawing/formatGroups";
import { type ExportState, useExport } from "@/drawing/useExport";
import { saveNow } from "@/stores/editor/autosave";
import { ErrorNote } from "@/ui/ErrorNote";

const ModelDrawing = lazy(async () => ({ default: (await import("@/drawing/ModelDrawing")).ModelDrawing }));

export function ExportMenu({ modelId }: { modelId: string }) {
  const [menu, { open: openMenu, close: closeMenu }] = useDisclosure();
  const [drawing, { open: openDrawing, close: closeDrawing }] = useDisclosure();
  const exporting = useExport(modelId);
  const showDrawing = useMutation({
    mutationFn: saveNow,
    onSuccess: openDrawing,
    onError: (error) => exporting.refuse(error),
  });
  return (
    <>
      {exporting.pending ? (
        <PendingExport state={exporting} />
      ) : (
        <Menu position="bottom-end" width={330} opened={menu} onOpen={openMenu} onClose={closeMenu}>
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah="80vh" style={{ overflowY: "auto" }}>
            <Menu.Item
              leftSection={<IconSchema size={16} aria-hidden />}
              onClick={() => showDrawing.mutate()}
            >
              Show the drawing
            </Menu.Item>
            <Menu.Divider />
            {menu && <Formats modelId={modelId} state={exporting} />}
          </Menu.Dropdown>
        </Menu>
      )}
      <ExportProblem refusal={exporting.refusal} onClose={exporting.dismiss} />
      <Suspense>
        <ModelDrawing modelId={modelId} opened={drawing} onClose={closeDrawing} />
      </Suspense>
    </>
  );
}

function PendingExport({ state }: { state: ExportState }) {
  return (
    <Group gap={4} wrap="nowrap" role="status" aria-label={`Exporting ${state.pending?.title}`}>
      <Button variant="default" size="xs" loading loaderProps={{ type: "dots" }}>
        Export
      </Button>
      <Text size="xs" c="dimmed" ff="monospace">
        {state.pending?.extension}
      </Text>
      <Tooltip label="Break the export off">
        <ActionIcon variant="subtle" color="gray" aria-label="Break the export off" onClick={state.cancel}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function Formats({ modelId, state }: { modelId: string; state: ExportState }) {
  const choices = useQuery({
    queryKey: ["exports", modelId],
    queryFn: async ({ signal }) => {
      await saveNow();
      return fetchExports(modelId, signal);
    },
    // The graph may have changed since the menu was last open.
    gcTime: 0,
  });
  if (choices.data) return <FormatList choices={choices.data} state={state} />;
  if (choices.error) return <ErrorNote error={choices.error} onRetry={() => void choices.refetch()} />;
  return (
    <Stack gap={6} p="xs" role="status" aria-label="Looking which formats can hold the model">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={24} />
      ))}
    </Stack>
  );
}

function FormatList({ choices, state }: { choices: ExportChoices; state: ExportState }) {
  const faults = choices.issues.filter(({ severity }) => severity === "error").length;
  return (
    <>
      {faults > 0 && (
        <Text size="xs" c="red" px="sm" py={4}>
          The graph has {faults === 1 ? "one fault" : `${faults} faults`} to mend before it can be exported.
        </Text>
      )}
      {choices.weights_issues.length > 0 && (
        <Text size="xs" c="orange" px="sm" py={4}>
          The weights that are kept with the model do not fit its graph any more: files get new ones.
        </Text>
      )}
      {groupFormats(choices.formats).map(({ title, choices: members }) => (
        <Fragment key={title}>
          <Menu.Label>{title}</Menu.Label>
          {members.map((choice) => (
            <FormatItem key={choice.name} choice={choice} onChoose={() => state.choose(choice, choices)} />
          ))}
        </Fragment>
      ))}
    </>
  );
}
