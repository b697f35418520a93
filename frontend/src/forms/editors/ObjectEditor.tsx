/** A Keras object as an argument: its class from a list and, below it, a form of that class's own arguments. */
import { Box, Select } from "@mantine/core";
import { useCatalogue } from "@/api/catalogue";
import type { Entry } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import type { EditorProps } from "@/forms/editors/editorProps";
import classes from "@/forms/Forms.module.css";
import { entriesFor } from "@/forms/families";
import { withArgument } from "@/graph/layers";
import { isObjectConfig } from "@/graph/pythonText";

const NONE = "None";

export function ObjectEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  const { data: catalogue } = useCatalogue();
  const entries = catalogue ? entriesFor(argument, catalogue) : [];
  const entry = findByName(entries, isObjectConfig(value) ? value.class_name : value);
  const names = entries.map(({ class_name }) => class_name);
  const config = isObjectConfig(value) ? (value.config ?? {}) : {};
  return (
    <Box>
      <Select
        id={id}
        size="xs"
        data={argument.nullable ? [NONE, ...names] : names}
        value={value === undefined ? null : value === null ? NONE : (entry?.class_name ?? null)}
        placeholder={placeholderFor(entries, value, argument.default)}
        searchable
        allowDeselect={false}
        error={error}
        disabled={disabled}
        comboboxProps={{ withinPortal: true, shadow: "md" }}
        onChange={(name) => {
          if (name === NONE) onChange(null);
          else if (name !== null && name !== entry?.class_name)
            onChange(makeObject(findByName(entries, name)));
          onDone();
        }}
      />
      {entry && entry.arguments.length > 0 && (
        <Box className={classes.nested}>
          <ArgumentForm
            entry={entry}
            config={config}
            idPrefix={`${id}-`}
            disabled={disabled}
            onChange={(inner, innerValue) =>
              onChange({ ...makeObject(entry), config: withArgument(config, inner, innerValue) })
            }
            onDone={onDone}
          />
        </Box>
      )}
    </Box>
  );
}

function makeObject(entry: Entry | undefined) {
  return { class_name: entry?.class_name ?? "", config: entry?.example ?? {} };
}

/** Keras knows its objects by class name (`HeNormal`) and by the short names that the catalogue lists (`he_normal`). */
function findByName(entries: readonly Entry[], name: unknown): Entry | undefined {
  return (
    entries.find(({ class_name }) => class_name === name) ??
    entries.find(({ aliases }) => typeof name === "string" && aliases.includes(name))
  );
}

function placeholderFor(entries: readonly Entry[], value: unknown, fallback: unknown): string {
  const shown = value ?? fallback;
  if (shown === null || shown === undefined) return NONE;
  if (isObjectConfig(shown)) return shown.class_name;
  return findByName(entries, shown)?.class_name ?? String(shown);
}
