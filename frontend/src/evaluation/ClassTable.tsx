/** Precision, recall, F1 and the number of samples of each class, with their averages. */
import { ScrollArea, Table, Text } from "@mantine/core";
import type { ClassReport } from "@/api/types";
import { formatCount, formatInteger } from "@/ui/format/amounts";

const TALLEST = 420;

export function ClassTable({ report }: { report: ClassReport }) {
  const averages = [
    { name: "Mean of the classes", ...report.macro },
    { name: "Weighted by samples", ...report.weighted },
  ];
  const samples = report.rows.reduce((sum, row) => sum + row.support, 0);
  return (
    <section aria-label="Classes">
      <Text size="sm" fw={600} mb={6}>
        Classes
      </Text>
      <ScrollArea.Autosize mah={TALLEST} type="auto" offsetScrollbars="y">
        <Table verticalSpacing={3} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Class</Table.Th>
              <Table.Th ta="right">Precision</Table.Th>
              <Table.Th ta="right">Recall</Table.Th>
              <Table.Th ta="right">F1</Table.Th>
              <Table.Th ta="right">Samples</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {report.rows.map((row) => (
              <Table.Tr key={row.label} c={row.support === 0 ? "dimmed" : undefined}>
                <Table.Td>{row.name}</Table.Td>
                <Scores {...row} />
                <Table.Td ta="right">{formatInteger(row.support)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot style={{ fontVariantNumeric: "tabular-nums" }}>
            {averages.map((average) => (
              <Table.Tr key={average.name}>
                <Table.Th fw={500}>{average.name}</Table.Th>
                <Scores {...average} />
                <Table.Td ta="right">{formatInteger(samples)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tfoot>
        </Table>
      </ScrollArea.Autosize>
      {report.left_out > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {formatCount(report.left_out, "class", "classes")} with fewer samples are left out.
        </Text>
      )}
    </section>
  );
}

function Scores({ precision, recall, f1 }: { precision: number; recall: number; f1: number }) {
  return [precision, recall, f1].map((score, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the three always come in this order
    <Table.Td key={i} ta="right">
      {score.toFixed(3)}
    </Table.Td>
  ));
}
