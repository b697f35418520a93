/** What happened to a run while it trained, the newest first: what the signs on the curves stand for. */
import { Card, Group, ScrollArea, Table, Text, Title, Tooltip } from "@mantine/core";
import { useMemo } from "react";
import type { MarkEvent } from "@/api/events";
import { nameSource, readMessage } from "@/runs/marks/describeMark";
import { KINDS } from "@/runs/marks/kinds";
import { MarkSign } from "@/runs/marks/MarkSign";
import { findOvertaken, foldBest } from "@/runs/marks/overtaken";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatCount, formatInteger } from "@/ui/format/amounts";

const MAX_HEIGHT = 260;
/** More than that nobody reads; the events have them all. */
const MOST_SHOWN = 300;
/** What the head stands on, so that the rows pass below it. */
const CARD = "light-dark(var(--mantine-color-white), var(--mantine-color-dark-6))";
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const FULL = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const OVERTAKEN = "The run has gone on from an earlier checkpoint since, and has done this part again.";

/** Nothing where nothing happened. */
export function MarkList({ runId }: { runId: string }) {
  const marks = useLiveRun(runId, (run) => run.marks);
  const overtaken = useMemo(() => findOvertaken(marks ?? []), [marks]);
  if (marks === undefined || marks.length === 0) return null;
  const told = foldBest(marks);
  const shown = told.slice(-MOST_SHOWN).reverse();
  return (
    <Card withBorder padding="md" component="section" aria-label="What happened">
      <Title order={2} size="h5" mb="xs">
        What happened
      </Title>
      <ScrollArea.Autosize mah={MAX_HEIGHT} type="auto" offsetScrollbars="y">
        <Table verticalSpacing={4} stickyHeader>
          <Table.Thead bg={CARD}>
            <Table.Tr>
              <Table.Th w={170}>What</Table.Th>
              <Table.Th w={90}>Epoch</Table.Th>
              <Table.Th w={110}>Step</Table.Th>
              <Table.Th w={160}>Who</Table.Th>
              <Table.Th>Message</Table.Th>
              <Table.Th w={90}>Time</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {shown.map((mark) => (
              <Row key={mark.seq} mark={mark} overtaken={overtaken.has(mark.seq)} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {told.length > MOST_SHOWN && (
        <Text size="xs" c="dimmed" mt="xs">
          {`${formatCount(told.length - MOST_SHOWN, "earlier one")} not shown`}
        </Text>
      )}
    </Card>
  );
}

function Row({ mark, overtaken }: { mark: MarkEvent; overtaken: boolean }) {
  const time = new Date(mark.time);
  const row = (
    <Table.Tr c={overtaken ? "dimmed" : undefined} td={overtaken ? "line-through" : undefined}>
      <Table.Td>
        <Group gap={8} wrap="nowrap">
          <MarkSign kind={mark.kind} />
          {KINDS[mark.kind].label}
        </Group>
      </Table.Td>
      <Table.Td>
        {formatInteger(mark.epoch + 1)}
        {mark.fold != null && <Text span size="xs" c="dimmed">{` in fold ${formatInteger(mark.fold)}`}</Text>}
      </Table.Td>
      <Table.Td>{formatInteger(mark.step)}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{nameSource(mark.source)}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{readMessage(mark)}</Table.Td>
      <Table.Td title={FULL.format(time)} style={{ whiteSpace: "nowrap" }}>
        {CLOCK.format(time)}
      </Table.Td>
    </Table.Tr>
  );
  return overtaken ? <Tooltip label={OVERTAKEN}>{row}</Tooltip> : row;
}
