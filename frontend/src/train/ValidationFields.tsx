/** On what the model is validated: a part of the data, or data of its own. */
import { Select } from "@mantine/core";
import type { DatasetSummary } from "@/api/types";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import type { SectionProps } from "@/train/section";
import { chooseValidation, findChoice, listValidationChoices } from "@/train/validation";

interface ValidationFieldsProps extends SectionProps {
  datasets: readonly DatasetSummary[];
}

export function ValidationFields({ config, issues, onChange, datasets }: ValidationFieldsProps) {
  const choices = listValidationChoices(config, datasets);
  const wrong = issues.at("data.validation");
  const choose = (value: string | null) => {
    const choice = choices.find((one) => one.value === value);
    if (choice !== undefined) onChange(chooseValidation(config, choice));
  };
  if (choices.length === 1) return null;
  return (
    <>
      <Select
        label="Validate on"
        allowDeselect={false}
        data={choices.map(({ value, label }) => ({ value, label }))}
        value={findChoice(config).value}
        onChange={choose}
        error={hasError(wrong)}
      />
      <IssueNotes issues={wrong} />
    </>
  );
}
