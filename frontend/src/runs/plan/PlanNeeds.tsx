/** What a run's training takes: the time it waits for its samples, and its worker's memory. */
import { Table, Text } from "@mantine/core";
import type { PlanEvent } from "@/api/events";
import { describeWait } from "@/runs/plan/describePlan";
import { formatBytes } from "@/ui/format/amounts";

/** Nothing where neither was measured, as in the runs of an older Layerloom. */
export function PlanNeeds({ plan }: { plan: PlanEvent }) {
  const wait = describeWait(plan);
  const rows = [
    wait !== null && { name: "Waiting for data", value: wait },
    plan.peak_memory != null && { name: "Worker's memory, at most", value: formatBytes(plan.peak_memory) },
  ].filter((row) => row !== false);
  if (rows.length === 0) return null;
  return (
    <div>
      <Table
        verticalSpacing={4}
        horizontalSpacing="xs"
        fz="xs"
        withRowBorders={false}
        aria-label="What it takes"
      >
        <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
          {rows.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w={190}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {plan.data_reason != null && (
        <Text size="xs" c="dimmed" mt={4}>
          {plan.data_reason}
        </Text>
      )}
    </div>
  );
}
