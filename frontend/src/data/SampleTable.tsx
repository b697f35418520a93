/** The first rows of a data set that is a table. */
import { Table, Text } from "@mantine/core";
import type { DatasetPreview } from "@/api/types";
import { MissingWords } from "@/data/MissingWords";
import { writeTarget, writeValue } from "@/data/writeTarget";

export function SampleTable({ preview }: { preview: DatasetPreview }) {
  return (
    <section aria-label="First samples">
      <Text size="sm" fw={600} mb={6}>
        First samples
      </Text>
      {preview.words_missing != null && <MissingWords preview={preview} />}
      <Table.ScrollContainer minWidth={480} type="native">
        <Table verticalSpacing={4} striped>
          <Table.Thead>
            <Table.Tr>
              {[...preview.inputs, ...preview.targets].map(({ name }) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
            {preview.rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a sample has no other name than its place
              <Table.Tr key={i}>
                {preview.inputs.map(({ name }) => (
                  <Table.Td key={name}>
                    <Text inherit lineClamp={4} style={{ overflowWrap: "anywhere" }}>
                      {preview.texts?.[name]?.[i] ?? writeValue(row[name])}
                    </Text>
                  </Table.Td>
                ))}
                {preview.targets.map(({ name }) => (
                  <Table.Td key={name} fw={500}>
                    {writeTarget(preview, row[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
