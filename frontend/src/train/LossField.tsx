/** One loss with its arguments, and what is wrong with it. */
import { Stack } from "@mantine/core";
import type { Catalogue, Issue } from "@/api/types";
import { EntrySelect } from "@/train/EntrySelect";
import { FoldedArguments } from "@/train/FoldedArguments";
import { splitByArgument } from "@/train/fieldIssues";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import { ReferenceArguments } from "@/train/ReferenceArguments";
import { configOf, findEntry, nameOf, type Reference } from "@/train/references";

interface LossFieldProps {
  label: string;
  catalogue: Catalogue;
  /** Null where the output has none. */
  loss: Reference | null;
  issues: readonly Issue[];
  idPrefix: string;
  /** Whether it may be left out. */
  optional?: boolean;
  onChange: (loss: Reference | null) => void;
}

export function LossField({ label, catalogue, loss, issues, idPrefix, optional, onChange }: LossFieldProps) {
  const entry = loss === null ? undefined : findEntry(catalogue.losses, nameOf(loss));
  const { own, inner } = splitByArgument(issues, entry);
  return (
    <Stack gap={6}>
      <EntrySelect
        label={label}
        entries={catalogue.losses}
        reference={loss}
        none={optional ? "None" : undefined}
        error={hasError(own)}
        onChange={onChange}
      />
      <IssueNotes issues={own} />
      {loss !== null && entry && entry.arguments.length > 0 && (
        <FoldedArguments
          key={entry.class_name}
          label="Arguments of the loss"
          open={Object.keys(configOf(loss)).length > 0}
          wrong={inner.length > 0}
        >
          <ReferenceArguments
            entry={entry}
            reference={loss}
            issues={inner}
            idPrefix={idPrefix}
            onChange={onChange}
          />
        </FoldedArguments>
      )}
    </Stack>
  );
}
