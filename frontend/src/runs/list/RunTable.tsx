/** Runs as a table that can be sorted by its heads. */
import { Anchor, Card, Group, Progress, Table, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSelector } from "@tabler/icons-react";
import { Link } from "react-router";
import { toNumber } from "@/api/number";
import type { RunFilter } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import { useElapsed } from "@/runs/useElapsed";
import { nameInFold } from "@/stores/runs/folds";
import { formatInteger, formatMetric, formatSeconds, formatWithSpread } from "@/ui/format/amounts";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { StatusBadge } from "@/ui/runs/StatusBadge";

type Sort = NonNullable<RunFilter["sort"]>;
const MEAN = "mean/";

type SortName = "name" | "status" | "created_at";

interface RunTableProps {
  runs: readonly RunPublic[];
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}

export function RunTable({ runs, sort, onSort }: RunTableProps) {
  const head = (name: SortName, label: string) => (
    <SortHead name={name} label={label} sort={sort} onSort={onSort} />
  );
  return (
    <Card withBorder padding={0}>
      <Table.ScrollContainer minWidth={860} type="native">
        <Table highlightOnHover verticalSpacing={10} horizontalSpacing="sm" aria-label="Runs">
          <Table.Thead>
            <Table.Tr>
              {head("name", "Name")}
              <Table.Th>Model</Table.Th>
              {head("status", "Status")}
              <Table.Th>Epochs</Table.Th>
              <Table.Th>Newest values</Table.Th>
              {head("created_at", "Launched")}
              <Table.Th>Duration</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

interface SortHeadProps {
  name: SortName;
  label: string;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}

function SortHead({ name, label, sort, onSort }: SortHeadProps) {
  const descending = sort === `-${name}`;
  const active = descending || sort === name;
  const Icon = !active ? IconSelector : descending ? IconChevronDown : IconChevronUp;
  return (
    <Table.Th aria-sort={!active ? "none" : descending ? "descending" : "ascending"}>
      <UnstyledButton onClick={() => onSort(descending ? name : `-${name}`)} fz="inherit" fw="inherit">
        <Group gap={4} wrap="nowrap">
          {label}
          <Icon size={14} aria-hidden />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}

function RunRow({ run }: { run: RunPublic }) {
  const elapsed = useElapsed(run);
  return (
    <Table.Tr>
      <Table.Td maw={240}>
        <Anchor
          component={Link}
          to={`/runs/${run.id}`}
          fw={500}
          size="sm"
          truncate="end"
          display="block"
          title={run.name}
        >
          {run.name}
        </Anchor>
      </Table.Td>
      <Table.Td maw={200}>
        <Text size="sm" truncate="end" title={run.model_name}>
          {run.model_name}
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={run.status} size="sm" />
        {run.attempts > 1 && (
          <Text size="xs" c="dimmed" mt={2} title={`It has had ${run.attempts} workers.`}>
            {`attempt ${formatInteger(run.attempts)}`}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <EpochProgress run={run} />
      </Table.Td>
      <Table.Td>
        {listLatest(run).map((value) => (
          <Text key={value} size="xs" style={{ whiteSpace: "nowrap" }}>
            {value}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        <TimeAgo time={run.created_at} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{elapsed === null ? "–" : formatSeconds(elapsed)}</Table.Td>
    </Table.Tr>
  );
}

function EpochProgress({ run }: { run: RunPublic }) {
  const reached = run.epoch === null ? 0 : run.epoch + 1;
  const { fold, folds } = run;
  const ofModel = run.status === "finished" ? 1 : reached / run.epochs;
  const done = fold === null || folds === null ? reached / run.epochs : (fold - 1 + ofModel) / folds;
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={done * 100} w={56} size="sm" aria-hidden />
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {`${formatInteger(reached)} of ${formatInteger(run.epochs)}`}
        {fold !== null && folds !== null && (
          <Text span size="xs" c="dimmed" display="block">
            {`fold ${formatInteger(fold)} of ${formatInteger(folds)}`}
          </Text>
        )}
      </Text>
    </Group>
  );
}

/** Loss first, then one more; what validation says, where there is any. Of folds the mean of those that are over. */
function listLatest(run: RunPublic): string[] {
  const { latest, isMean } = pickLatest(run);
  const names = Object.keys(latest).filter((name) => !name.startsWith("val_"));
  const shown = [...names].sort((a, b) => Number(b === "loss") - Number(a === "loss")).slice(0, 2);
  return shown.map((name) => {
    const best = `val_${name}` in latest ? `val_${name}` : name;
    const value = toNumber(latest[best] ?? Number.NaN);
    const spread = toNumber(run.latest[`std/${best}`] ?? Number.NaN);
    return `${best} ${isMean ? formatWithSpread(value, spread) : formatMetric(value)}`;
  });
}

function pickLatest({ latest, fold }: RunPublic): { latest: RunPublic["latest"]; isMean: boolean } {
  const isMean = Object.keys(latest).some((name) => name.startsWith(MEAN));
  if (fold === null) return { latest, isMean: false };
  const prefix = isMean ? MEAN : nameInFold("", fold);
  const own = Object.entries(latest).filter(([name]) => name.startsWith(prefix));
  return {
    latest: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
    isMean,
  };
}
