/** The options of a kind of data as a form, made from their JSON schema. What is left alone the server finds out. */
import {
  Group,
  Input,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { partition } from "es-toolkit";
import { useState } from "react";
import type { Issue } from "@/api/types";
import { FieldChoice, FieldMapping, type Fields } from "@/library/FieldOptions";
import { type Option, readOptions } from "@/library/schema";
import { optionOf } from "@/library/typing";

interface OptionFormProps {
  choices: Readonly<Record<string, unknown>>;
  /** Every option as the server has settled it. */
  options: Readonly<Record<string, unknown>>;
  issues: readonly Issue[];
  fields: Fields;
  /** `undefined` lets the server find out again. */
  onChange: (name: string, value: unknown) => void;
}

export function OptionForm({ choices, options, issues, fields, onChange }: OptionFormProps) {
  const [long, short] = partition(readOptions(choices), ({ kind }) => LONG.includes(kind.type));
  const show = (option: Option) => (
    <OptionField
      key={option.name}
      option={option}
      value={options[option.name]}
      issues={issues}
      fields={fields}
      onChange={(value) => onChange(option.name, value)}
    />
  );
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md" verticalSpacing="sm">
        {short.map(show)}
      </SimpleGrid>
      {long.map(show)}
    </Stack>
  );
}

/** What needs a row of its own. */
const LONG: readonly string[] = ["words", "fields"];

/** What a field means stands below it, so that fields in a row stand at one height. */
const ORDER: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

/** How a text of nothing is written, because nobody sees one among others. */
const EMPTY = "(empty)";

interface OptionFieldProps {
  option: Option;
  value: unknown;
  issues: readonly Issue[];
  fields: Fields;
  onChange: (value: unknown) => void;
}

function OptionField({ option, value, issues, fields, onChange }: OptionFieldProps) {
  const { kind, label, help } = option;
  const error = issues.find((issue) => optionOf(issue) === option.name)?.message;
  const wrapper = { label, error, description: help, inputWrapperOrder: ORDER, title: help };
  switch (kind.type) {
    case "switch":
      return (
        <Switch
          label={label}
          description={help}
          error={error}
          mt={28}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...wrapper}
          data={kind.choices.map(String)}
          value={value == null ? null : String(value)}
          clearable={option.nullable}
          allowDeselect={false}
          onChange={(chosen) => onChange(kind.choices.find((one) => String(one) === chosen))}
        />
      );
    case "number":
      return <NumberField {...wrapper} kind={kind} value={value} onChange={onChange} />;
    case "numbers":
      return (
        <Input.Wrapper {...wrapper} error={error} labelElement="div">
          <Group gap={6} mb={5} wrap="nowrap">
            {Array.from({ length: kind.length }, (_, place) => (
              <NumberField
                // biome-ignore lint/suspicious/noArrayIndexKey: a number has no other name than its place
                key={place}
                name={place === 0 ? label : `${label}, ${place + 1}`}
                error={error !== undefined}
                kind={{ integer: true, minimum: 1 }}
                value={Array.isArray(value) ? value[place] : undefined}
                onChange={(number) => onChange(replaceAt(value, kind.length, place, number))}
              />
            ))}
          </Group>
        </Input.Wrapper>
      );
    case "words":
      return (
        <TagsInput
          {...wrapper}
          acceptValueOnBlur
          value={Array.isArray(value) ? value.map((word) => String(word) || EMPTY) : []}
          onChange={(words) => onChange(words.map((word) => (word === EMPTY ? "" : word)))}
        />
      );
    case "field":
      return <FieldChoice {...wrapper} fields={fields} value={value} onChange={onChange} />;
    case "fields":
      return (
        <FieldMapping
          label={label}
          description={help}
          value={value}
          issues={issues}
          fields={fields}
          onChange={onChange}
        />
      );
    case "text":
      return (
        <TextField
          {...wrapper}
          value={value}
          longest={kind.longest}
          nullable={option.nullable}
          onChange={onChange}
        />
      );
  }
}

function replaceAt(value: unknown, length: number, place: number, number: unknown): unknown {
  const before: unknown[] = Array.isArray(value) ? value : Array.from({ length }, () => number);
  return number === undefined ? undefined : before.with(place, number);
}

interface TextFieldProps {
  label: string;
  title: string;
  error: string | undefined;
  value: unknown;
  longest: number | undefined;
  nullable: boolean;
  onChange: (value: unknown) => void;
}

/** A tab is written `\t`, because nobody sees one in a field. */
function TextField({ value, longest, nullable, onChange, ...rest }: TextFieldProps) {
  const shown = String(value ?? "").replaceAll("\t", "\\t");
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    if (typed !== null && typed !== shown) {
      onChange(typed === "" && nullable ? undefined : typed.replaceAll("\\t", "\t"));
    }
    setTyped(null);
  };
  return (
    <TextInput
      {...rest}
      value={typed ?? shown}
      maxLength={longest === undefined ? undefined : longest + 1}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => event.key === "Enter" && finish()}
    />
  );
}

interface NumberFieldProps {
  /** Shown above the field, or only told where another label stands above several. */
  label?: string;
  name?: string;
  title?: string;
  error: string | boolean | undefined;
  kind: { integer: boolean; minimum?: number; maximum?: number };
  value: unknown;
  onChange: (value: number | undefined) => void;
}

/** Tells its number when it is left, so that a file is not looked at anew for each digit. */
function NumberField({ label, name, kind, value, onChange, ...rest }: NumberFieldProps) {
  const shown = typeof value === "number" ? value : "";
  const [typed, setTyped] = useState<number | string | null>(null);
  const finish = () => {
    if (typed !== null && typed !== shown) onChange(typeof typed === "number" ? typed : undefined);
    setTyped(null);
  };
  return (
    <NumberInput
      {...rest}
      label={label}
      aria-label={name ?? label}
      value={typed ?? shown}
      allowDecimal={!kind.integer}
      min={kind.minimum}
      max={kind.maximum}
      onChange={setTyped}
      onBlur={finish}
      onKeyDown={(event) => event.key === "Enter" && finish()}
    />
  );
}
