/** The report about one output of a model. */
import { Alert, Group, Stack, Text, Title } from "@mantine/core";
import type { OutputReport } from "@/api/types";
import { ClassCurves } from "@/evaluation/ClassCurves";
import { ClassTable } from "@/evaluation/ClassTable";
import { ConfusionMatrix } from "@/evaluation/ConfusionMatrix";
import classes from "@/evaluation/Evaluation.module.css";
import { NumberCharts } from "@/evaluation/NumberCharts";
import { SampleCard } from "@/evaluation/SampleCard";
import { formatCount } from "@/ui/format/amounts";

interface OutputSectionProps {
  report: OutputReport;
  /** Whether the model has others, so that its name matters. */
  several: boolean;
}

export function OutputSection({ report, several }: OutputSectionProps) {
  const { classes: found, numbers } = report;
  return (
    <Stack gap="xl" component="section" aria-label={`Output ${report.output}`}>
      {several && (
        <Title order={3} size="h5">
          Output {report.output}
        </Title>
      )}
      {report.not_finite > 0 && (
        <Alert color="orange" variant="light">
          {formatCount(report.not_finite, "prediction")} with NaN or infinity are left out.
        </Alert>
      )}
      {report.note !== null && <Alert variant="light">{report.note}</Alert>}
      {found && (
        <>
          <Group align="flex-start" gap="xl">
            {found.confusion && (
              <div style={{ minWidth: 0, maxWidth: "100%" }}>
                <ConfusionMatrix counts={found.confusion} names={report.class_names} />
              </div>
            )}
            <div style={{ flex: "1 1 320px", minWidth: 0 }}>
              <ClassTable report={found} />
            </div>
          </Group>
          <ClassCurves curves={found.curves} />
        </>
      )}
      {numbers && <NumberCharts report={numbers} target={report.target} />}
      {report.worst.length > 0 && (
        <section aria-label="Worst examples">
          <Text size="sm" fw={600}>
            Worst examples
          </Text>
          <Text size="xs" c="dimmed" mb={6}>
            The samples with the highest loss.
          </Text>
          <div className={classes.samples}>
            {report.worst.map((sample) => (
              <SampleCard
                key={sample.index}
                sample={sample}
                probabilities={{ [report.output]: report.scores === "probabilities" }}
              />
            ))}
          </div>
        </section>
      )}
    </Stack>
  );
}
