/** When checkpoints are written, and which are kept. */
import { Autocomplete, Divider, Select, SimpleGrid } from "@mantine/core";
import type { RunConfig } from "@/api/types";
import { writeIssues } from "@/train/fieldIssues";
import { NumberField } from "@/train/NumberField";
import type { SectionProps } from "@/train/section";
import { isValidated } from "@/train/validation/validation";

/** Over both columns. */
const WIDE = { gridColumn: "1 / -1" };

type Settings = RunConfig["checkpoints"];

/** The limits of the API's `CheckpointSettings`. */
const SHORTEST_MINUTES = 0.01;
const MOST_MINUTES = 10_000;
const MOST_KEPT = 1_000;

const KEPT = [
  { name: "keep_last", label: "Keep the last", min: 1 },
  { name: "keep_best", label: "Keep the best", min: 0 },
] as const;

const DIRECTIONS: { value: Settings["mode"]; label: string }[] = [
  { value: "auto", label: "By its name" },
  { value: "min", label: "Lower is better" },
  { value: "max", label: "Higher is better" },
];

export function CheckpointFields({ config, issues, onChange }: SectionProps) {
  const { checkpoints } = config;
  const change = (changed: Partial<Settings>) =>
    onChange({ ...config, checkpoints: { ...checkpoints, ...changed } });
  const validated = isValidated(config);
  return (
    <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm" role="group" aria-label="Checkpoints">
      <Divider label="Checkpoints" labelPosition="left" style={WIDE} />
      <NumberField
        label="Minutes between"
        value={checkpoints.every_minutes}
        min={SHORTEST_MINUTES}
        max={MOST_MINUTES}
        step={0.25}
        decimalScale={3}
        error={writeIssues(issues.at("checkpoints"))}
        onChange={(every_minutes) => change({ every_minutes })}
      />
      {KEPT.map(({ name, label, min }) => (
        <NumberField
          key={name}
          label={label}
          value={checkpoints[name]}
          min={min}
          max={MOST_KEPT}
          error={undefined}
          onChange={(count) => change({ [name]: count })}
        />
      ))}
      {checkpoints.keep_best > 0 && (
        <>
          <Autocomplete
            label="Best by"
            placeholder={validated ? "val_loss" : "loss"}
            data={validated ? ["val_loss", "loss"] : ["loss"]}
            value={checkpoints.monitor ?? ""}
            onChange={(monitor) => change({ monitor: monitor.trim() || null })}
            maxLength={200}
          />
          <Select
            label="Best is"
            style={WIDE}
            allowDeselect={false}
            data={DIRECTIONS}
            value={checkpoints.mode}
            onChange={(mode) => mode !== null && change({ mode })}
          />
        </>
      )}
    </SimpleGrid>
  );
}
