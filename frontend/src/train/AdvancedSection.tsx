/** How the steps are run, which checkpoints are kept, and how often a run goes on after its worker died. */
import { Divider, SimpleGrid, Stack, Text } from "@mantine/core";
import { CheckpointFields } from "@/train/CheckpointFields";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import { NumberField } from "@/train/NumberField";
import { OptionalNumberField } from "@/train/OptionalNumberField";
import { PlanFields } from "@/train/PlanFields";
import type { SectionProps } from "@/train/section";

/** The limits of the API's `RunConfig`. */
const MOST_RESTARTS = 100;
const LARGEST_BATCH = 10_000_000;
const FIELDS = ["plan", "checkpoints", "restarts", "fit.validation_batch_size"];

export function AdvancedSection(props: SectionProps) {
  const { config, issues, onChange } = props;
  return (
    <FoldedArguments
      label="Advanced"
      open={config.plan !== "auto"}
      wrong={FIELDS.some((field) => issues.at(field).length > 0)}
    >
      <Stack gap="sm">
        <PlanFields {...props} />
        <CheckpointFields {...props} />
        <Divider label="Otherwise" labelPosition="left" />
        <SimpleGrid cols={2} spacing="sm">
          <NumberField
            label="Restarts"
            value={config.restarts}
            min={0}
            max={MOST_RESTARTS}
            error={writeIssues(issues.at("restarts"))}
            onChange={(restarts) => onChange({ ...config, restarts })}
          />
          <OptionalNumberField
            label="Validation batch"
            placeholder="as for training"
            value={config.fit.validation_batch_size ?? null}
            min={1}
            max={LARGEST_BATCH}
            error={writeIssues(issues.at("fit.validation_batch_size"))}
            onChange={(validation_batch_size) =>
              onChange({ ...config, fit: { ...config.fit, validation_batch_size } })
            }
          />
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          A run whose worker dies goes on from its last checkpoint, as often as restarts says.
        </Text>
      </Stack>
    </FoldedArguments>
  );
}
