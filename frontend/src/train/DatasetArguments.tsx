/** How the data set is made or read: its own arguments, such as `num_words`. */
import { Stack } from "@mantine/core";
import type { DatasetSummary, RunConfig } from "@/api/types";
import { ArgumentField } from "@/forms/ArgumentField";
import { listArguments, setArgument } from "@/train/datasetArguments";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import type { SectionProps } from "@/train/section";

interface DatasetArgumentsProps extends SectionProps {
  dataset: DatasetSummary;
}

export function DatasetArguments({ config, issues, onChange, dataset }: DatasetArgumentsProps) {
  const fields = listArguments(dataset);
  const present: RunConfig["data"]["arguments"] = config.data.arguments;
  const wrong = issues.at("data.arguments");
  if (fields.length === 0) return null;
  return (
    <FoldedArguments
      label="Arguments of the data set"
      open={Object.keys(present).length > 0}
      wrong={wrong.length > 0}
    >
      <Stack gap="sm">
        {fields.map((argument) => (
          <ArgumentField
            key={`${dataset.name}.${argument.name}`}
            id={`dataset-${argument.name}`}
            argument={argument}
            value={present[argument.name]}
            config={present}
            error={writeIssues(wrong.filter((issue) => issue.argument === argument.name))}
            onChange={(value) => {
              const changed = setArgument(present, argument.name, value) as typeof present;
              onChange({ ...config, data: { ...config.data, arguments: changed } });
            }}
            onDone={() => undefined}
          />
        ))}
      </Stack>
    </FoldedArguments>
  );
}
