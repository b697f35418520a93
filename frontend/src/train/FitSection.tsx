/** How long and in which portions the data is gone through. */
import { SimpleGrid, Stack, Switch } from "@mantine/core";
import type { CompileResult, DatasetSummary, FitSettings } from "@/api/types";
import { ClassWeights } from "@/train/ClassWeights";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import { NumberField } from "@/train/NumberField";
import type { SectionProps } from "@/train/section";
import { ValidationFields } from "@/train/validation/ValidationFields";

/** The limits of the API's `RunConfig`. */
const MOST_EPOCHS = 1_000_000;
const LARGEST_BATCH = 10_000_000;
const LARGEST_SEED = 2 ** 31 - 1;

interface FitSectionProps extends SectionProps {
  datasets: readonly DatasetSummary[];
  checked: CompileResult | null;
}

export function FitSection(props: FitSectionProps) {
  const { config, issues, onChange } = props;
  const change = (fit: Partial<FitSettings>) => onChange({ ...config, fit: { ...config.fit, ...fit } });
  const errorAt = (path: string) => writeIssues(issues.at(path));
  return (
    <Stack gap="sm">
      <SimpleGrid cols={3} spacing="sm" verticalSpacing="sm">
        <NumberField
          label="Epochs"
          value={config.fit.epochs}
          min={1}
          max={MOST_EPOCHS}
          error={errorAt("fit.epochs")}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberField
          label="Batch size"
          value={config.fit.batch_size}
          min={1}
          max={LARGEST_BATCH}
          error={errorAt("fit.batch_size")}
          onChange={(batch_size) => change({ batch_size })}
        />
        <NumberField
          label="Seed"
          value={config.seed}
          min={0}
          max={LARGEST_SEED}
          error={errorAt("seed")}
          onChange={(seed) => onChange({ ...config, seed })}
        />
      </SimpleGrid>
      <ValidationFields {...props} />
      <Switch
        label="Shuffle the samples every epoch"
        checked={config.fit.shuffle}
        onChange={(event) => change({ shuffle: event.currentTarget.checked })}
      />
      <FoldedArguments
        label="Weights of classes"
        open={config.fit.class_weight != null}
        wrong={issues.at("fit.class_weight").length > 0}
      >
        <ClassWeights {...props} />
      </FoldedArguments>
    </Stack>
  );
}
