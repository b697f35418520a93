/** Chooses a class of the catalogue. */
import { Select } from "@mantine/core";
import type { Entry } from "@/api/types";
import { findEntry, makeReference, nameOf, type Reference } from "@/train/references";

interface EntrySelectProps {
  label: string;
  entries: readonly Entry[];
  reference: Reference;
  error: string | undefined;
  onChange: (reference: Reference) => void;
}

export function EntrySelect({ label, entries, reference, error, onChange }: EntrySelectProps) {
  const usable = entries.filter(({ unavailable }) => !unavailable);
  const entry = findEntry(usable, nameOf(reference));
  const names = usable.map(({ class_name }) => class_name);
  const value = entry?.class_name ?? nameOf(reference);
  const choose = (name: string | null) => {
    const chosen = usable.find(({ class_name }) => class_name === name);
    if (chosen !== undefined && chosen !== entry) onChange(makeReference(chosen));
  };
  return (
    <Select
      label={label}
      description={entry?.summary}
      inputWrapperOrder={["label", "input", "description", "error"]}
      searchable
      allowDeselect={false}
      // A name that the catalogue does not have stays visible: it may be one that Keras resolves by itself.
      data={names.includes(value) ? names : [value, ...names]}
      value={value}
      onChange={choose}
      error={error}
    />
  );
}
