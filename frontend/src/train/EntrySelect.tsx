/** Chooses a class of the catalogue. */
import { Select } from "@mantine/core";
import type { Entry } from "@/api/types";
import { findEntry, makeReference, nameOf, type Reference } from "@/train/references";

interface EntrySelectProps<Chosen extends Reference | null> {
  label: string;
  entries: readonly Entry[];
  reference: Chosen;
  /** What stands for no class at all, where that may be chosen. */
  none?: string;
  error: boolean;
  onChange: (reference: Reference | (null extends Chosen ? null : never)) => void;
}

export function EntrySelect<Chosen extends Reference | null>({
  label,
  entries,
  reference,
  none,
  error,
  onChange,
}: EntrySelectProps<Chosen>) {
  const usable = entries.filter(({ unavailable }) => !unavailable);
  const entry = reference === null ? undefined : findEntry(usable, nameOf(reference));
  const names = [...(none === undefined ? [] : [none]), ...usable.map(({ class_name }) => class_name)];
  const value = entry?.class_name ?? (reference === null ? (none ?? null) : nameOf(reference));
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
      data={value === null || names.includes(value) ? names : [value, ...names]}
      value={value}
      onChange={choose}
      error={error}
    />
  );
}
