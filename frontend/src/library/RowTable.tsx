/** The first samples, as they stand in the file. */
import { Table } from "@mantine/core";
import classes from "@/library/Library.module.css";

const MOST_COLUMNS = 40;

export function RowTable({ rows }: { rows: readonly Readonly<Record<string, unknown>>[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
  return (
    <Table.ScrollContainer minWidth={480} type="native" mah={300}>
      <Table verticalSpacing={3} striped className={classes.table} aria-label="First rows">
        <Table.Thead>
          <Table.Tr>
            {columns.map((name) => (
              <Table.Th key={name} className={classes.cell} title={name}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name than its place
            <Table.Tr key={place}>
              {columns.map((name) => (
                <Table.Td key={name} className={classes.cell} title={writeCell(row[name])}>
                  {writeCell(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function writeCell(value: unknown): string {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
