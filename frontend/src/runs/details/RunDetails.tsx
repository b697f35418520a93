/** What happened to a run, what it was asked to do, what it trains, what it has saved and what it has said. */
import { SimpleGrid, Stack } from "@mantine/core";
import type { RunPublic } from "@/api/types";
import { CheckpointTable } from "@/runs/checkpoints/CheckpointTable";
import { ConfigTable } from "@/runs/details/ConfigTable";
import { LogView } from "@/runs/details/LogView";
import { MarkList } from "@/runs/details/MarkList";
import { SetupTable } from "@/runs/details/SetupTable";
import { FileList } from "@/runs/files/FileList";

export function RunDetails({ run }: { run: RunPublic }) {
  return (
    <Stack gap="md">
      <MarkList runId={run.id} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <ConfigTable run={run} />
        <SetupTable runId={run.id} />
      </SimpleGrid>
      <CheckpointTable run={run} />
      <FileList run={run} />
      <LogView runId={run.id} />
    </Stack>
  );
}
