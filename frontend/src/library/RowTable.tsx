/** The first samples, as they stand in the file. */
import { Table } from "@mantine/core";
import type { FieldSummary } from "@/api/ownTypes";
import classes from "@/library/Library.module.css";
import { isImage } from "@/ui/samples/isImage";
import { SampleImage } from "@/ui/samples/SampleImage";

const MOST_COLUMNS = 40;
const PICTURE_SIZE = 48;

export type Row = Readonly<Record<string, unknown>>;

interface RowTableProps {
  rows: readonly Row[];
  fields: readonly FieldSummary[];
}

export function RowTable({ rows, fields }: RowTableProps) {
  const pictures = new Map(fields.filter(isImage).map((field) => [field.name, field]));
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
                <Cell key={name} value={row[name]} picture={pictures.get(name)} place={place} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface CellProps {
  value: unknown;
  /** The field, where its samples are pictures. */
  picture: FieldSummary | undefined;
  place: number;
}

function Cell({ value, picture, place }: CellProps) {
  if (picture && Array.isArray(value))
    return (
      <Table.Td>
        <SampleImage
          pixels={value}
          minimum={picture.minimum ?? 0}
          maximum={picture.maximum ?? 1}
          label={`${picture.name} of row ${place + 1}`}
          size={PICTURE_SIZE}
        />
      </Table.Td>
    );
  const written = writeCell(value);
  return (
    <Table.Td className={classes.cell} title={written}>
      {written}
    </Table.Td>
  );
}

function writeCell(value: unknown): string {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
