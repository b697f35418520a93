/** On what the model is validated: nothing, a part of the data that is divided in one of several ways, or other data. */
import { Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { splitsQuery } from "@/api/splits";
import type { CompileResult, DatasetSummary } from "@/api/types";
import { writeIssues } from "@/train/fieldIssues";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import { NumberField } from "@/train/NumberField";
import type { SectionProps } from "@/train/section";
import { SPLIT_FIELDS, SplitFields } from "@/train/validation/SplitFields";
import { StoredSplit } from "@/train/validation/StoredSplit";
import { chooseValidation, findChoice, listValidationChoices } from "@/train/validation/validation";
import { formatInteger } from "@/ui/format/amounts";

const LARGEST_SHARE = 0.99;

interface ValidationFieldsProps extends SectionProps {
  datasets: readonly DatasetSummary[];
  /** What the check says of the sizes, once it has. */
  checked: CompileResult | null;
}

export function ValidationFields(props: ValidationFieldsProps) {
  const { config, issues, onChange, datasets, checked } = props;
  const dataset = datasets.find(({ name }) => name === config.data.dataset);
  const stored = useQuery({ ...splitsQuery(config.data.dataset), enabled: dataset?.available === true });
  const choices = listValidationChoices(config, datasets, stored.data);
  const { split } = config.data;
  const ofSplit = issues.at("data.split");
  const isField = ({ argument, fixes }: (typeof ofSplit)[number]) =>
    !fixes?.length && SPLIT_FIELDS.includes(argument ?? "") && split?.kind !== "stored";
  const notes = [...issues.at("data.validation"), ...ofSplit.filter((issue) => !isField(issue))];
  const ofShare = issues.at("fit.validation_split");
  const choose = (value: string | null) => {
    const choice = choices.find((one) => one.value === value);
    if (choice !== undefined) onChange(chooseValidation(config, choice));
  };
  return (
    <Stack gap="xs" role="group" aria-label="Validation">
      <Select
        label="Validate on"
        allowDeselect={false}
        data={groupChoices(choices)}
        value={findChoice(config).value}
        onChange={choose}
        error={hasError(notes)}
      />
      {config.fit.validation_split > 0 && (
        <NumberField
          label="Validation split"
          description="The share of the samples at the end, as Keras takes it"
          value={config.fit.validation_split}
          min={0}
          max={LARGEST_SHARE}
          step={0.05}
          decimalScale={4}
          error={writeIssues(ofShare.filter(({ fixes }) => !fixes?.length))}
          onChange={(validation_split) => onChange({ ...config, fit: { ...config.fit, validation_split } })}
        />
      )}
      <IssueNotes issues={[...ofShare.filter(({ fixes }) => fixes?.length), ...notes]} />
      {split && split.kind !== "stored" && (
        <SplitFields
          split={split}
          dataset={dataset}
          issues={ofSplit.filter(isField)}
          onChange={(changed) => onChange({ ...config, data: { ...config.data, split: changed } })}
        />
      )}
      {checked?.validation_samples ? (
        <Sizes checked={checked} models={split?.kind === "k_fold" ? split.folds * split.repeats : 1} />
      ) : null}
      {split && <StoredSplit {...props} split={split} stored={stored.data ?? []} />}
    </Stack>
  );
}

function Sizes({ checked, models }: { checked: CompileResult; models: number }) {
  const sizes = `${formatInteger(checked.samples ?? 0)} samples train, ${formatInteger(checked.validation_samples ?? 0)} validate`;
  return (
    <Text size="xs" c="dimmed" aria-live="polite">
      {models > 1 ? `${formatInteger(models)} models; of the first ${sizes}` : sizes}
    </Text>
  );
}

function groupChoices(choices: ReturnType<typeof listValidationChoices>) {
  return (["Of this data", "Stored splits", "Other data"] as const)
    .map((group) => ({ group, items: choices.filter((one) => one.group === group) }))
    .filter(({ items }) => items.length > 0)
    .map(({ group, items }) => ({ group, items: items.map(({ value, label }) => ({ value, label })) }));
}
