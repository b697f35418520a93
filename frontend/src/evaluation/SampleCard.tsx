/** A sample: what went in, what came out, and what should have. */
import { Badge, Group, Stack, Text } from "@mantine/core";
import { toNumber } from "@/api/number";
import type { OutputAnswer, Sample } from "@/api/types";
import classes from "@/evaluation/Evaluation.module.css";
import { ScoreBars } from "@/evaluation/ScoreBars";
import { formatInteger, formatMetric } from "@/ui/format/amounts";
import { ShownValue } from "@/ui/samples/ShownValue";

interface SampleCardProps {
  sample: Sample;
  /** By output name: whether its scores are probabilities. */
  probabilities: Readonly<Record<string, boolean>>;
  /** What the sample's number counts in, such as `Row`. */
  noun?: string;
  /** Numbers from 1 instead of 0, for what was sent. */
  fromOne?: boolean;
}

export function SampleCard({ sample, probabilities, noun = "Sample", fromOne = false }: SampleCardProps) {
  const inputs = Object.entries(sample.inputs);
  const several = sample.outputs.length > 1;
  return (
    <article className={classes.sample} aria-label={`${noun} ${sample.index}`}>
      <Group justify="space-between" gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {noun} {formatInteger(sample.index + (fromOne ? 1 : 0))}
        </Text>
        {sample.outputs.map(
          (answer) =>
            answer.loss != null && (
              <Badge key={answer.output} size="sm" variant="light" color="orange" tt="none" radius="sm">
                loss {formatMetric(toNumber(answer.loss))}
              </Badge>
            ),
        )}
      </Group>
      <Group gap="xs" align="flex-start">
        {inputs.map(([name, array]) => (
          <div key={name} style={{ minWidth: 0 }}>
            {inputs.length > 1 && (
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            )}
            <ShownValue array={array} label={`${name} of ${noun.toLowerCase()} ${sample.index}`} />
          </div>
        ))}
      </Group>
      {sample.outputs.map((answer) => (
        <Answer
          key={answer.output}
          answer={answer}
          name={several ? answer.output : null}
          probabilities={probabilities[answer.output] ?? true}
        />
      ))}
    </article>
  );
}

interface AnswerProps {
  answer: OutputAnswer;
  name: string | null;
  probabilities: boolean;
}

function Answer({ answer, name, probabilities }: AnswerProps) {
  return (
    <Stack gap={4}>
      {name !== null && (
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      )}
      <Verdict answer={answer} />
      {answer.classes.length > 0 && <ScoreBars answer={answer} probabilities={probabilities} />}
      {answer.numbers && (
        <Group gap="sm" align="flex-start">
          <Numbers title="Says" array={answer.numbers} />
          {answer.target_numbers && <Numbers title="True" array={answer.target_numbers} />}
        </Group>
      )}
    </Stack>
  );
}

function Verdict({ answer }: { answer: OutputAnswer }) {
  const said = answer.classes.find(({ label }) => label === answer.label)?.name;
  if (said === undefined && answer.target_classes.length === 0) return null;
  const wanted = answer.target_classes.join(", ");
  if (said === undefined)
    return (
      <Text size="sm">
        True: <b>{wanted}</b>
      </Text>
    );
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      Says <b>{said}</b>
      {wanted !== "" && wanted !== said && (
        <>
          , is <b>{wanted}</b>
        </>
      )}
      {wanted === said && (
        <Text span c="teal" size="sm">
          {" "}
          ✓
        </Text>
      )}
    </Text>
  );
}

function Numbers({ title, array }: { title: string; array: NonNullable<OutputAnswer["numbers"]> }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <ShownValue array={array} label={title} />
    </div>
  );
}
