/** The fields of the files: what is in each, and what the model shall do with it. */
import { SegmentedControl, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldSummary } from "@/api/ownTypes";
import { formatMoment, formatSpan } from "@/library/dates";
import { FieldBars } from "@/library/FieldBars";
import classes from "@/library/Library.module.css";
import type { Role } from "@/library/roles";
import type { Encoding } from "@/library/typing";
import { formatCount, formatInteger, formatMetric } from "@/ui/format/amounts";

const MOST_SHOWN = 100;
const WORTH_SEARCHING = 20;

const ROLES: { value: Role; label: string }[] = [
  { value: "input", label: "Input" },
  { value: "target", label: "Target" },
  { value: "none", label: "Leave out" },
];

const SERIES_ROLES = ROLES.toSpliced(2, 0, { value: "both", label: "Both" });

export interface Choosing {
  readonly roles: ReadonlyMap<string, Role>;
  /** Whether a field may be an input and a target, as in a series, whose past says what comes next. */
  readonly allowsBoth: boolean;
  readonly onRole: (field: FieldSummary, role: Role) => void;
  /** The types that a field may be read as, and the one that it is; none where there is nothing to choose. */
  readonly types: (field: FieldSummary) => readonly string[];
  readonly type: (field: FieldSummary) => string;
  readonly onType: (field: FieldSummary, type: string) => void;
  /** What may become of a field in the arrays, and what does; none where there is nothing to choose. */
  readonly encodings: (field: FieldSummary) => readonly Encoding[];
  readonly encoding: (field: FieldSummary) => string;
  readonly onEncoding: (field: FieldSummary, encoding: string) => void;
}

export function FieldTable({ fields, choosing }: { fields: readonly FieldSummary[]; choosing?: Choosing }) {
  const [search, setSearch] = useState("");
  const hasEncodings = choosing !== undefined && fields.some((field) => choosing.encodings(field).length > 0);
  const found = fields.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Stack gap="sm">
      {fields.length > WORTH_SEARCHING && (
        <TextInput
          aria-label="Search the fields"
          placeholder={`Search ${formatCount(fields.length, "field")}`}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          maw={320}
        />
      )}
      <Table.ScrollContainer minWidth={760} type="native">
        <Table verticalSpacing={6} className={classes.table} aria-label="Fields">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Type</Table.Th>
              {choosing && <Table.Th>Use as</Table.Th>}
              {hasEncodings && <Table.Th>Becomes</Table.Th>}
              <Table.Th ta="right">Missing</Table.Th>
              <Table.Th ta="right">Different</Table.Th>
              <Table.Th>Range</Table.Th>
              <Table.Th>Mean ± deviation</Table.Th>
              <Table.Th>Values</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.slice(0, MOST_SHOWN).map((field) => (
              <FieldRow key={field.name} field={field} choosing={choosing} hasEncodings={hasEncodings} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {found.length > MOST_SHOWN && (
        <Text size="sm" c="dimmed">
          {formatInteger(found.length - MOST_SHOWN)} more: search for one by its name.
        </Text>
      )}
    </Stack>
  );
}

function RoleControl({ field, choosing }: { field: FieldSummary; choosing: Choosing }) {
  return (
    <SegmentedControl
      aria-label={`Use of ${field.name}`}
      size="xs"
      data={choosing.allowsBoth ? SERIES_ROLES : ROLES}
      value={choosing.roles.get(field.name) ?? "none"}
      onChange={(role) => choosing.onRole(field, role)}
    />
  );
}

interface FieldRowProps {
  field: FieldSummary;
  choosing: Choosing | undefined;
  hasEncodings: boolean;
}

function FieldRow({ field, choosing, hasEncodings }: FieldRowProps) {
  const { name, minimum, maximum, mean, std, missing = 0, unique } = field;
  // Of texts it is the length that is told.
  const unit = field.kind === "text" ? " characters" : "";
  const isDate = field.kind === "date";
  const format = isDate ? formatMoment : formatMetric;
  return (
    <Table.Tr>
      <Table.Td fw={500} className={classes.cell} title={name}>
        {name}
      </Table.Td>
      <Table.Td>
        {choosing && choosing.types(field).length > 0 ? (
          <Select
            aria-label={`Type of ${name}`}
            size="xs"
            w={116}
            allowDeselect={false}
            data={[...new Set([...choosing.types(field), choosing.type(field)])]}
            value={choosing.type(field)}
            onChange={(type) => type !== null && choosing.onType(field, type)}
          />
        ) : (
          writeType(field)
        )}
      </Table.Td>
      {choosing && (
        <Table.Td>
          <RoleControl field={field} choosing={choosing} />
        </Table.Td>
      )}
      {choosing && hasEncodings && (
        <Table.Td>
          <EncodingSelect field={field} choosing={choosing} />
        </Table.Td>
      )}
      <Table.Td ta="right" c={missing > 0 ? "orange" : undefined}>
        {formatInteger(missing)}
      </Table.Td>
      <Table.Td ta="right">{unique == null ? "–" : formatInteger(unique)}</Table.Td>
      <Table.Td className={classes.number}>
        {minimum != null && maximum != null ? `${format(minimum)} to ${format(maximum)}${unit}` : "–"}
      </Table.Td>
      <Table.Td className={classes.number}>
        {mean != null ? `${format(mean)} ± ${(isDate ? formatSpan : formatMetric)(std ?? 0)}` : "–"}
      </Table.Td>
      <Table.Td>
        <FieldBars field={field} />
      </Table.Td>
    </Table.Tr>
  );
}

/** A target's categories are labels always, so that there is nothing to choose. */
function EncodingSelect({ field, choosing }: { field: FieldSummary; choosing: Choosing }) {
  const encodings = choosing.encodings(field);
  if (encodings.length === 0 || choosing.roles.get(field.name) !== "input") return <Text c="dimmed">–</Text>;
  return (
    <Select
      aria-label={`What becomes of ${field.name}`}
      size="xs"
      w={148}
      allowDeselect={false}
      data={[...encodings]}
      value={choosing.encoding(field)}
      onChange={(encoding) => encoding !== null && choosing.onEncoding(field, encoding)}
    />
  );
}

function writeType({ kind, shape = [], dtype }: FieldSummary): string {
  const size = shape.map((one) => one ?? "?").join(" × ");
  const isText = dtype === "string" || dtype === "text";
  return [kind, size, isText ? "" : dtype].filter((part) => part !== "").join(", ");
}
