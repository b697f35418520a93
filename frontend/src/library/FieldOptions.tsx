/** Options that name fields of the files: one of them, or for each field that is used another. */
import { Input, ScrollArea, Select, SimpleGrid } from "@mantine/core";
import { isEqual } from "es-toolkit";
import type { ReactNode } from "react";
import type { FieldSummary } from "@/api/ownTypes";
import type { Issue } from "@/api/types";

/** The fields of the files, and the names of those that a model is fed with or compared with. */
export interface Fields {
  readonly all: readonly FieldSummary[];
  readonly used: readonly string[];
}

const SEARCHED_FROM = 8;

interface FieldChoiceProps {
  label: string;
  description: string;
  error: ReactNode;
  inputWrapperOrder: ("label" | "input" | "description" | "error")[];
  fields: Fields;
  value: unknown;
  /** `null` says that it is none. */
  onChange: (value: string | null) => void;
}

export function FieldChoice({ fields, value, onChange, ...wrapper }: FieldChoiceProps) {
  const others = fields.all.map(({ name }) => name).filter((name) => !fields.used.includes(name));
  return <FieldSelect {...wrapper} names={others} value={value} onChange={onChange} />;
}

interface FieldMappingProps {
  label: string;
  description: string;
  value: unknown;
  issues: readonly Issue[];
  fields: Fields;
  onChange: (value: Readonly<Record<string, string>>) => void;
}

/** For each field that is used one with samples of the same shape; nothing where no field has any to choose from. */
export function FieldMapping({ label, description, value, issues, fields, onChange }: FieldMappingProps) {
  const chosen = readMapping(value);
  const rows = fields.used.map((name) => ({ name, names: listAlike(name, fields) }));
  if (rows.every(({ name, names }) => names.length === 0 && chosen[name] === undefined)) return null;
  const isWrong = (argument: string | undefined) =>
    argument !== undefined && issues.some((one) => one.severity === "error" && one.argument === argument);
  return (
    <Input.Wrapper label={label} description={description} labelElement="div" role="group" aria-label={label}>
      <ScrollArea.Autosize mah={280} mt={6}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md" verticalSpacing="sm">
          {rows.map(({ name, names }) => (
            <FieldSelect
              key={name}
              label={`of ${name}`}
              error={Object.keys(chosen).length > 0 && (isWrong(name) || isWrong(chosen[name]))}
              names={names}
              value={chosen[name]}
              onChange={(other) => {
                const { [name]: _, ...others } = chosen;
                onChange(other === null ? others : { ...others, [name]: other });
              }}
            />
          ))}
        </SimpleGrid>
      </ScrollArea.Autosize>
    </Input.Wrapper>
  );
}

interface FieldSelectProps {
  label: string;
  description?: string;
  error?: ReactNode;
  names: readonly string[];
  value: unknown;
  onChange: (value: string | null) => void;
}

function FieldSelect({ names, value, ...select }: FieldSelectProps) {
  const chosen = typeof value === "string" ? value : null;
  return (
    <Select
      {...select}
      styles={{ label: { overflowWrap: "anywhere" } }}
      data={[...new Set(chosen === null ? names : [...names, chosen])]}
      value={chosen}
      placeholder="none"
      clearable
      searchable={names.length > SEARCHED_FROM}
    />
  );
}

/** The fields that are not used and whose samples have the shape of this one's. */
function listAlike(name: string, { all, used }: Fields): string[] {
  const shape = all.find((field) => field.name === name)?.shape ?? [];
  const others = all.filter((field) => !used.includes(field.name) && isEqual(field.shape ?? [], shape));
  return others.map((field) => field.name);
}

function readMapping(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter(([, name]) => typeof name === "string");
  return Object.fromEntries(entries);
}
