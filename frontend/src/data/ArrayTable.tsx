/** The arrays of a data set: shape of one sample, dtype, range. */
import { Table } from "@mantine/core";
import type { ArraySpec, DatasetPreview, TextStatistics } from "@/api/types";
import { formatInteger, formatMetric } from "@/ui/format/amounts";
import { formatSampleShape } from "@/ui/format/sampleShape";

export function ArrayTable({ preview }: { preview: DatasetPreview }) {
  return (
    <Table verticalSpacing={4} aria-label="Arrays">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Array</Table.Th>
          <Table.Th>Role</Table.Th>
          <Table.Th>Shape of a sample</Table.Th>
          <Table.Th>Dtype</Table.Th>
          <Table.Th>Range</Table.Th>
          <Table.Th>Mean ± deviation</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
        {preview.inputs.map((array) => (
          <ArrayRow key={array.name} array={array} part="input" preview={preview} />
        ))}
        {preview.targets.map((array) => (
          <ArrayRow key={array.name} array={array} part="target" preview={preview} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface ArrayRowProps {
  array: ArraySpec;
  part: "input" | "target";
  preview: DatasetPreview;
}

function ArrayRow({ array, part, preview }: ArrayRowProps) {
  const range = preview.statistics.find((statistics) => statistics.array === array.name);
  const lengths = preview.text_statistics?.find((statistics) => statistics.array === array.name);
  return (
    <Table.Tr>
      <Table.Td fw={500}>{array.name}</Table.Td>
      <Table.Td>{array.classes ? `${part}, ${array.classes} classes` : part}</Table.Td>
      <Table.Td>{formatSampleShape(array)}</Table.Td>
      <Table.Td>{array.dtype}</Table.Td>
      <Table.Td>
        {range
          ? `${formatMetric(range.minimum)} to ${formatMetric(range.maximum)}`
          : lengths
            ? writeLengths(lengths)
            : "–"}
      </Table.Td>
      <Table.Td>
        {range
          ? `${formatMetric(range.mean)} ± ${formatMetric(range.std)}`
          : lengths
            ? formatMetric(lengths.mean_length)
            : "–"}
      </Table.Td>
    </Table.Tr>
  );
}

function writeLengths({ shortest, longest }: TextStatistics): string {
  return `${formatInteger(shortest)} to ${formatInteger(longest)} characters`;
}
