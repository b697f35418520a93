/** How the weights are updated. */
import { Stack } from "@mantine/core";
import type { Catalogue, Entry } from "@/api/types";
import { EntrySelect } from "@/train/EntrySelect";
import { FoldedArguments } from "@/train/FoldedArguments";
import { splitByArgument } from "@/train/fieldIssues";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import { ReferenceArguments } from "@/train/ReferenceArguments";
import { configOf, findEntry, nameOf, type Reference } from "@/train/references";
import type { SectionProps } from "@/train/section";

const PATH = "compile.optimizer";

export function OptimizerSection({
  config,
  issues,
  onChange,
  catalogue,
}: SectionProps & { catalogue: Catalogue }) {
  const { optimizer } = config.compile;
  const entry = findEntry(catalogue.optimizers, nameOf(optimizer));
  const change = (chosen: Reference) =>
    onChange({ ...config, compile: { ...config.compile, optimizer: chosen } });
  const { own, inner } = splitByArgument(issues.at(PATH), entry);
  return (
    <Stack gap="xs">
      <EntrySelect
        label="Optimizer"
        entries={catalogue.optimizers}
        reference={optimizer}
        error={hasError(own)}
        onChange={change}
      />
      <IssueNotes issues={own} />
      {entry && (
        <OptimizerArguments
          key={entry.class_name}
          entry={entry}
          reference={optimizer}
          issues={inner}
          onChange={change}
        />
      )}
    </Stack>
  );
}

interface OptimizerArgumentsProps {
  entry: Entry;
  reference: Reference;
  issues: ReturnType<SectionProps["issues"]["at"]>;
  onChange: (reference: Reference) => void;
}

/** The first argument is what an optimizer is about; the others are folded away. */
function OptimizerArguments({ entry, ...form }: OptimizerArgumentsProps) {
  const [first, ...others] = entry.arguments;
  const isOther = (name: string | null | undefined) => others.some((argument) => argument.name === name);
  const isSet = Object.keys(configOf(form.reference)).some(isOther);
  if (first === undefined) return null;
  return (
    <>
      <ReferenceArguments entry={{ ...entry, arguments: [first] }} idPrefix="optimizer-" {...form} />
      {others.length > 0 && (
        <FoldedArguments
          label="More arguments of the optimizer"
          open={isSet}
          wrong={form.issues.some(({ argument }) => isOther(argument))}
        >
          <ReferenceArguments entry={{ ...entry, arguments: others }} idPrefix="optimizer-" {...form} />
        </FoldedArguments>
      )}
    </>
  );
}
