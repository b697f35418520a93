/** A list to choose from: named choices, activations, dtypes, and True, False and None where they are allowed. */
import { Select } from "@mantine/core";
import { useCatalogue } from "@/api/catalogue";
import type { EditorProps } from "@/forms/editors/editorProps";
import { choicesFor } from "@/forms/families";
import { toPython } from "@/graph/pythonText";

const SEARCHABLE_FROM = 8;

function labelOf(value: unknown): string {
  return typeof value === "string" ? value : toPython(value);
}

export function ChoiceEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  const { data: catalogue } = useCatalogue();
  const offered = catalogue ? choicesFor(argument, catalogue) : [];
  // A value that is not offered stays visible: the check says what is wrong with it.
  const values = [...(argument.nullable ? [null] : []), ...offered];
  const shown = value === undefined || values.includes(value) ? values : [...values, value];
  const byLabel = new Map(shown.map((choice) => [labelOf(choice), choice]));
  return (
    <Select
      id={id}
      size="xs"
      data={[...byLabel.keys()]}
      value={value === undefined ? null : labelOf(value)}
      placeholder={argument.required ? "choose one" : labelOf(argument.default ?? null)}
      searchable={shown.length > SEARCHABLE_FROM}
      allowDeselect={false}
      error={error}
      disabled={disabled}
      comboboxProps={{ withinPortal: true, shadow: "md" }}
      onChange={(label) => {
        if (label !== null) onChange(byLabel.get(label));
        onDone();
      }}
    />
  );
}
