/** How the run's steps are run, on one line; a click says why, and what else was tried. */
import { Popover, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { IconBolt, IconPinnedFilled } from "@tabler/icons-react";
import type { PlanEvent } from "@/api/events";
import { DATA, describeGain, describePlan, formatSpeed, MODES } from "@/runs/plan/describePlan";
import classes from "@/runs/plan/PlanChip.module.css";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatInteger } from "@/ui/format/amounts";

/** Nothing until the plan is known. */
export function PlanChip({ runId }: { runId: string }) {
  const plan = useLiveRun(runId, (run) => run.plan);
  if (plan == null) return null;
  const Icon = plan.pinned ? IconPinnedFilled : IconBolt;
  return (
    <Popover position="bottom-start" width={520} shadow="md" withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.chip} aria-label={`Plan: ${describePlan(plan)}`}>
          <Icon size={13} aria-hidden className={classes.icon} />
          <span>{describePlan(plan)}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 32px)">
        <PlanNote plan={plan} />
      </Popover.Dropdown>
    </Popover>
  );
}

function PlanNote({ plan }: { plan: PlanEvent }) {
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600} size="sm">
          {plan.pinned ? "The plan of this run, as pinned" : "The plan of this run"}
        </Text>
        <Text size="sm" c="dimmed">
          {plan.reason ??
            (plan.tried.length > 0 ? "The fastest of what was tried." : "No other way was tried.")}
        </Text>
      </div>
      {plan.tried.length > 0 && <Trials plan={plan} />}
    </Stack>
  );
}

function Trials({ plan }: { plan: PlanEvent }) {
  return (
    <Table.ScrollContainer minWidth={420} type="native">
      <Table verticalSpacing={4} fz="xs" aria-label="What was tried">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Mode</Table.Th>
            <Table.Th ta="right">Steps a chunk</Table.Th>
            <Table.Th>Data</Table.Th>
            <Table.Th ta="right">Speed</Table.Th>
            <Table.Th ta="right">Gain</Table.Th>
            <Table.Th>Note</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
          {plan.tried.map((trial) => (
            <Trial
              key={`${trial.mode} ${trial.steps_per_chunk} ${trial.data} ${trial.note}`}
              trial={trial}
              plan={plan}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Trial({ trial, plan }: { trial: PlanEvent["tried"][number]; plan: PlanEvent }) {
  const chosen =
    trial.mode === plan.mode && trial.steps_per_chunk === plan.steps_per_chunk && trial.data === plan.data;
  const speed = trial.steps_per_second;
  return (
    <Table.Tr fw={chosen ? 600 : undefined} aria-current={chosen || undefined}>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{MODES[trial.mode]}</Table.Td>
      <Table.Td ta="right">{formatInteger(trial.steps_per_chunk)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{trial.mode === "fit" ? "" : DATA[trial.data]}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {speed == null ? "–" : formatSpeed(speed)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {trial.mode === "fit" ? "" : describeGain(speed, plan.fit_steps_per_second)}
      </Table.Td>
      <Table.Td>{chosen ? (trial.note ?? "chosen") : trial.note}</Table.Td>
    </Table.Tr>
  );
}
