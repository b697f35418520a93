/** Asks the model about samples of the data, about pasted rows, or about an image. */
import {
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { PredictBody } from "@/api/evaluation";
import type { RunConfig, Split } from "@/api/types";
import classes from "@/evaluation/Evaluation.module.css";
import { ImageDrop } from "@/evaluation/ImageDrop";
import { SampleCard } from "@/evaluation/SampleCard";
import type { Splits } from "@/evaluation/splits";
import type { AnyPredictions, Subject } from "@/evaluation/subject";
import { readPlaces, readTypedRows } from "@/evaluation/typedRows";
import { useSplits } from "@/evaluation/useSplits";
import { ErrorNote } from "@/ui/ErrorNote";

type Way = "samples" | "rows" | "image";

const WAYS = [
  { value: "samples", label: "Samples" },
  { value: "rows", label: "Rows" },
  { value: "image", label: "Image" },
] as const;

interface PredictPanelProps {
  subject: Subject;
  splits: Splits | undefined;
}

export function PredictPanel({ subject, splits }: PredictPanelProps) {
  const [way, setWay] = useState<Way>("samples");
  const [answers, setAnswers] = useState<AnyPredictions>();
  const asking = useMutation({
    mutationFn: (body: PredictBody) => subject.predict(body),
    onSuccess: setAnswers,
    onError: () => setAnswers(undefined),
  });
  const ask = (body: PredictBody): void => asking.mutate(body);
  const shared = { busy: asking.isPending, onAsk: ask };
  return (
    <Stack gap="md">
      <SegmentedControl
        size="xs"
        data={WAYS.map(({ value, label }) => ({ value, label }))}
        value={way}
        onChange={(value) => {
          setWay(value as Way);
          asking.reset();
          setAnswers(undefined);
        }}
        style={{ alignSelf: "flex-start" }}
        aria-label="What to predict"
      />
      {way === "samples" && <PickSamples config={subject.config} known={splits} {...shared} />}
      {way === "rows" && <PasteRows {...shared} />}
      {way === "image" && <PickImage {...shared} />}
      {asking.error && <ErrorNote error={asking.error} />}
      {answers && (
        <div className={asking.isPending ? classes.waiting : undefined}>
          <Answers predictions={answers} way={way} />
        </div>
      )}
    </Stack>
  );
}

interface AskProps {
  busy: boolean;
  onAsk: (body: PredictBody) => void;
}

interface PickSamplesProps extends AskProps {
  config: RunConfig | null;
  known: Splits | undefined;
}

function PickSamples({ config, known, busy, onAsk }: PickSamplesProps) {
  // Single samples are asked of one model.
  const splits = useSplits(config, known).filter(({ value }) => value !== "out_of_fold");
  const [chosen, setChosen] = useState<Split | null>(null);
  const split = splits.find(({ value }) => value === chosen)?.value ?? splits[0]?.value ?? "training";
  const [places, setPlaces] = useState("0-7");
  const indices = readPlaces(places);
  const content = JSON.stringify({ split, indices });
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label="Data"
        size="xs"
        w={160}
        data={splits}
        value={split}
        allowDeselect={false}
        onChange={(value) => setChosen(value as Split | null)}
      />
      <TextInput
        label="Samples"
        size="xs"
        w={180}
        value={places}
        error={indices === null}
        placeholder="0-7, 12"
        aria-describedby="samples-hint"
        onChange={(event) => setPlaces(event.currentTarget.value)}
      />
      <AskButton
        busy={busy}
        disabled={indices === null}
        onClick={() => onAsk({ kind: "application/json", content })}
      />
      {indices === null && (
        <Text size="xs" c="var(--mantine-color-error)" id="samples-hint">
          Numbers from 0 and ranges, such as 0-7, 12; at most 200.
        </Text>
      )}
    </Group>
  );
}

function PasteRows({ busy, onAsk }: AskProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const ask = (): void => {
    const read = readTypedRows(text);
    setProblem("problem" in read ? read.problem : null);
    if ("body" in read) onAsk(read.body);
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Textarea
        label="Rows"
        description="CSV with a line per sample (with or without names), or JSON: a list of rows."
        size="xs"
        w="100%"
        autosize
        minRows={4}
        maxRows={12}
        value={text}
        error={problem}
        placeholder={"5.1, 3.5, 1.4, 0.2\n6.7, 3.0, 5.2, 2.3"}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <AskButton busy={busy} disabled={text.trim() === ""} onClick={ask} />
    </Stack>
  );
}

function PickImage({ busy, onAsk }: AskProps) {
  const [file, setFile] = useState<File | null>(null);
  const [invert, setInvert] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (picked: File): void => {
    const fits = picked.type === "image/png" || picked.type === "image/jpeg";
    setFile(fits ? picked : null);
    setProblem(fits ? null : `${picked.name} is neither a PNG nor a JPEG file.`);
    if (fits) send(picked, invert);
  };
  const send = (picked: File, swapped: boolean): void =>
    onAsk({ kind: picked.type as "image/png" | "image/jpeg", content: picked, invert: swapped });
  return (
    <Stack gap="xs" align="stretch">
      <ImageDrop file={file} busy={busy} onPick={take} />
      {problem !== null && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Switch
        size="xs"
        label="Swap black and white"
        description="For a model that was trained on white strokes on black, and a photo of the opposite."
        checked={invert}
        onChange={(event) => {
          setInvert(event.currentTarget.checked);
          if (file !== null) send(file, event.currentTarget.checked);
        }}
      />
    </Stack>
  );
}

function AskButton({ busy, disabled, onClick }: { busy: boolean; disabled: boolean; onClick: () => void }) {
  return (
    <Button size="xs" loading={busy} disabled={disabled} onClick={onClick}>
      Predict
    </Button>
  );
}

function Answers({ predictions, way }: { predictions: AnyPredictions; way: Way }) {
  const probabilities = Object.fromEntries(
    predictions.raw.map(({ output, scores }) => [output, scores === "probabilities"]),
  );
  return (
    <section aria-label="Predictions">
      {predictions.remarks.map((remark) => (
        <Text key={remark} size="xs" c="dimmed" mb={6}>
          {remark}
        </Text>
      ))}
      <div className={classes.samples}>
        {predictions.samples.map((sample, i) => (
          <SampleCard
            // biome-ignore lint/suspicious/noArrayIndexKey: the same sample may be asked for twice
            key={i}
            sample={sample}
            probabilities={probabilities}
            noun={way === "samples" ? "Sample" : way === "rows" ? "Row" : "Image"}
            fromOne={way !== "samples"}
          />
        ))}
      </div>
    </section>
  );
}
