/** What a model gets of each column of dates, and how its dates are written. */
import { MultiSelect, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FieldSummary } from "@/api/ownTypes";
import type { DateChoice } from "@/library/dates";
import { sayName } from "@/library/schema";

interface DateFormProps {
  dates: readonly { readonly field: FieldSummary; readonly choice: DateChoice }[];
  /** All parts that there are. */
  parts: readonly string[];
  onParts: (field: FieldSummary, parts: readonly string[]) => void;
  /** `undefined` lets the server find out again. */
  onFormat: (field: FieldSummary, format: string | undefined) => void;
}

export function DateForm({ dates, parts, onParts, onFormat }: DateFormProps) {
  return (
    <Stack gap="md">
      {dates.map(({ field, choice }) => (
        <SimpleGrid key={field.name} cols={{ base: 1, md: 2 }} spacing="md" verticalSpacing="sm">
          <MultiSelect
            label={`${field.name} becomes`}
            description="Numbers side by side. Seconds are those since the first date; Monday is day 0 of a week."
            inputWrapperOrder={["label", "input", "description", "error"]}
            data={parts.map((part) => ({ value: part, label: sayName(part) }))}
            value={[...choice.parts]}
            hidePickedOptions
            onChange={(chosen) => chosen.length > 0 && onParts(field, chosen)}
          />
          <FormatField
            name={field.name}
            value={choice.format}
            onChange={(format) => onFormat(field, format)}
          />
        </SimpleGrid>
      ))}
    </Stack>
  );
}

interface FormatFieldProps {
  name: string;
  value: string;
  onChange: (format: string | undefined) => void;
}

/** Tells its text when it is left, so that a file is not looked at anew for each letter. */
function FormatField({ name, value, onChange }: FormatFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    if (typed !== null && typed !== value) onChange(typed === "" ? undefined : typed);
    setTyped(null);
  };
  return (
    <TextInput
      label={`${name} is written as`}
      description="ISO 8601 (2024-01-31 23:59), or such as %d.%m.%Y %H:%M. Leave it empty to have it found out."
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={typed ?? value}
      maxLength={60}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => event.key === "Enter" && finish()}
    />
  );
}
