/** Evaluates a model on a part of its data, and shows what came of it. */
import { Button, Group, Loader, Select, Stack, Text } from "@mantine/core";
import { IconReportAnalytics } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { toNumber } from "@/api/number";
import type { Split } from "@/api/types";
import classes from "@/evaluation/Evaluation.module.css";
import { Figure } from "@/evaluation/Figure";
import { OutputSection } from "@/evaluation/OutputSection";
import { nameSplit, offerSplits, type Splits } from "@/evaluation/splits";
import type { AnyEvaluation, Subject } from "@/evaluation/subject";
import { useSplits } from "@/evaluation/useSplits";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatCount, formatMetric } from "@/ui/format/amounts";

interface EvaluatePanelProps {
  subject: Subject;
  /** The parts of the data, once an evaluation has told them. */
  splits: Splits | undefined;
  onSplits: (splits: Splits) => void;
}

export function EvaluatePanel({ subject, splits: known, onSplits }: EvaluatePanelProps) {
  const [chosen, setChosen] = useState<Split | null>(null);
  // What was found before stays until there is something new, so that the page does not jump.
  const [found, setFound] = useState<AnyEvaluation>();
  const stopping = useRef<AbortController>(null);
  const evaluation = useMutation({
    mutationFn: (split: Split) => {
      stopping.current = new AbortController();
      return subject.evaluate(split, stopping.current.signal);
    },
    onSuccess: (evaluated) => {
      setFound(evaluated);
      onSplits(evaluated.splits);
    },
  });
  const splits = offerSplits(useSplits(subject.config, known), subject.folds);
  const possible = splits.filter(({ disabled }) => !disabled);
  const split = possible.find(({ value }) => value === chosen)?.value ?? possible[0]?.value ?? "training";
  const stopped = evaluation.error instanceof DOMException && evaluation.error.name === "AbortError";
  return (
    <Stack gap="lg">
      <Group gap="sm" align="flex-end">
        <Select
          label="Data"
          size="xs"
          w={220}
          data={splits}
          value={split}
          allowDeselect={false}
          onChange={(value) => setChosen(value as Split | null)}
        />
        <Button
          size="xs"
          leftSection={<IconReportAnalytics size={14} aria-hidden />}
          disabled={evaluation.isPending}
          onClick={() => evaluation.mutate(split)}
        >
          Evaluate
        </Button>
        {evaluation.isPending && (
          <>
            <Group gap={6} h={30} role="status">
              <Loader size={14} aria-hidden />
              <Text size="sm" c="dimmed">
                Evaluating on {nameSplit(split)}…
              </Text>
            </Group>
            <Button size="xs" variant="subtle" onClick={() => stopping.current?.abort()}>
              Cancel
            </Button>
          </>
        )}
      </Group>
      {evaluation.error && !stopped && (
        <ErrorNote error={evaluation.error} onRetry={() => evaluation.mutate(split)} />
      )}
      {found && (
        <div className={evaluation.isPending ? classes.waiting : undefined}>
          <Report evaluation={found} weights={subject.describe(found)} />
        </div>
      )}
      {!found && !evaluation.isPending && (!evaluation.error || stopped) && (
        <EmptyState icon={<IconReportAnalytics size={28} aria-hidden />} title="Not evaluated yet">
          Evaluate shows Keras's metrics, which classes are taken for which, and the samples that the model
          gets most wrong.
        </EmptyState>
      )}
    </Stack>
  );
}

function Report({ evaluation, weights }: { evaluation: AnyEvaluation; weights: string }) {
  return (
    <Stack gap="xl" aria-label="Evaluation" component="section">
      <div>
        <Text size="xs" c="dimmed" mb={6}>
          {evaluation.split === "out_of_fold"
            ? `${formatCount(evaluation.samples, "prediction")}, each by the model of the fold that did not train on the sample, with ${weights}`
            : `${formatCount(evaluation.samples, "sample")} of ${nameSplit(evaluation.split)}, with ${weights}`}
        </Text>
        <Group gap="xl">
          {lossFirst(evaluation.metrics).map(([name, value]) => (
            <Figure key={name} name={name} value={formatMetric(toNumber(value))} />
          ))}
        </Group>
      </div>
      {evaluation.remarks?.map((remark) => (
        <Text key={remark} size="xs" c="dimmed">
          {remark}
        </Text>
      ))}
      {evaluation.reports.map((report) => (
        <OutputSection key={report.output} report={report} several={evaluation.reports.length > 1} />
      ))}
    </Stack>
  );
}

/** Keras has them in the order of their names; the loss is what everybody looks for. */
function lossFirst<Value>(metrics: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(metrics).sort(([a], [b]) => Number(b === "loss") - Number(a === "loss"));
}
