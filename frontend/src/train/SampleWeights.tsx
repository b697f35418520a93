/** Which array says how much each sample counts. */
import { Select } from "@mantine/core";
import type { DatasetSummary } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import type { SectionProps } from "@/train/section";
import { listWeightArrays } from "@/train/validation/validation";

interface SampleWeightsProps extends SectionProps {
  dataset: DatasetSummary | undefined;
}

export function SampleWeights({ config, issues, onChange, dataset }: SampleWeightsProps) {
  const arrays = listWeightArrays(config, dataset);
  const chosen = config.data.sample_weights ?? null;
  const wrong = issues.at("data.sample_weights");
  if (arrays.length === 0) return null;
  return (
    <FoldedArguments label="Weights of samples" open={chosen !== null} wrong={wrong.length > 0}>
      <Select
        label="Sample weights"
        description="An array of the data set: how much each sample counts"
        placeholder="Every sample counts the same"
        clearable
        data={arrays}
        value={chosen}
        onChange={(sample_weights) => onChange({ ...config, data: { ...config.data, sample_weights } })}
        error={writeIssues(wrong)}
      />
    </FoldedArguments>
  );
}
