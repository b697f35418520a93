/** The chosen way to run the steps, and the others that were tried or left out. */
import { Table, Text } from "@mantine/core";
import type { PlanEvent } from "@/api/events";
import { describeGain, formatSpeed, MODES } from "@/runs/plan/describePlan";
import { formatInteger } from "@/ui/format/amounts";

type Trial = PlanEvent["tried"][number];

const PLACES: Record<PlanEvent["data"], string> = { device: "on device", stream: "streamed" };

export function PlanTrials({ plan }: { plan: PlanEvent }) {
  const chosen: Trial = {
    mode: plan.mode,
    steps_per_chunk: plan.steps_per_chunk,
    data: plan.data,
    steps_per_second: plan.steps_per_second,
    note: "Chosen",
  };
  const others = plan.tried.filter((trial) => !isSame(trial, chosen));
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" fz="xs" aria-label="What was tried">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Mode</Table.Th>
          <Table.Th ta="right">Chunk</Table.Th>
          <Table.Th>Data</Table.Th>
          <Table.Th ta="right">Speed</Table.Th>
          <Table.Th ta="right">Gain</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
        {[chosen, ...others].map((trial) => (
          <Row
            key={`${trial.mode} ${trial.steps_per_chunk} ${trial.data} ${trial.note}`}
            trial={trial}
            chosen={trial === chosen}
            fit={plan.fit_steps_per_second}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  trial: Trial;
  chosen: boolean;
  fit: PlanEvent["fit_steps_per_second"];
}

function Row({ trial, chosen, fit }: RowProps) {
  const speed = trial.steps_per_second;
  // What was not measured has no chunk and no place either.
  const measured = chosen || speed != null;
  return (
    <Table.Tr fw={chosen ? 600 : undefined} style={{ verticalAlign: "top" }}>
      <Table.Td>
        {MODES[trial.mode]}
        {trial.note && (
          <Text fz="xs" c="dimmed">
            {trial.note}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{measured && formatInteger(trial.steps_per_chunk)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {measured && trial.mode !== "fit" && PLACES[trial.data]}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {speed == null ? "–" : formatSpeed(speed)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {trial.mode !== "fit" && describeGain(speed, fit)}
      </Table.Td>
    </Table.Tr>
  );
}

function isSame(one: Trial, other: Trial): boolean {
  return one.mode === other.mode && one.steps_per_chunk === other.steps_per_chunk && one.data === other.data;
}
