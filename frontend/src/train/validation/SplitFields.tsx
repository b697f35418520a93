/** The settings of a way to divide the samples. */
import { Select, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import type { DatasetSummary, Issue } from "@/api/types";
import { writeIssues } from "@/train/fieldIssues";
import { NumberField } from "@/train/NumberField";
import { changeVariant, KIND_HELP, listDividingArrays } from "@/train/validation/splits";
import { type Split, type SplitOf, VARIANT_LABELS } from "@/ui/runs/describeValidation";

/** The limits of the API's settings. */
const SMALLEST_SHARE = 0.0001;
const LARGEST_SHARE = 0.99;
const LARGEST_SEED = 2 ** 32 - 1;
const MOST_FOLDS = 100;
const LARGEST_GAP = 1_000_000;

/** The settings that have a field here, which shows what is wrong with it. */
export const SPLIT_FIELDS = ["validation", "test", "by", "seed", "gap", "folds", "repeats", "variant"];

type Computed = Exclude<Split, { kind: "stored" }>;
type Folds = SplitOf<"k_fold">;

interface SplitFieldsProps {
  split: Computed;
  dataset: DatasetSummary | undefined;
  /** What is wrong, by the setting. */
  issues: readonly Issue[];
  onChange: (split: Computed) => void;
}

export function SplitFields({ split, dataset, issues, onChange }: SplitFieldsProps) {
  const at = (argument: string) => writeIssues(issues.filter((issue) => issue.argument === argument));
  const arrays = listDividingArrays(dataset, "by" in split ? split.by : null);
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {KIND_HELP[split.kind]}.
      </Text>
      {split.kind === "k_fold" ? (
        <FoldFields split={split} arrays={arrays} at={at} onChange={onChange} />
      ) : (
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="xs">
          <ShareField
            label="Share to validate"
            value={split.validation}
            min={SMALLEST_SHARE}
            error={at("validation")}
            onChange={(validation) => onChange({ ...split, validation })}
          />
          <ShareField
            label="Share to test"
            value={split.test}
            min={0}
            error={at("test")}
            onChange={(test) => onChange({ ...split, test })}
          />
          {split.kind === "grouped" && (
            <ArraySelect
              label="Groups"
              arrays={arrays}
              value={split.by}
              error={at("by")}
              onChange={(by) => onChange({ ...split, by: by ?? split.by })}
            />
          )}
          {(split.kind === "stratified" || split.kind === "time") && (
            <ArraySelect
              label={split.kind === "time" ? "Times" : "Classes"}
              placeholder={split.kind === "time" ? "Their order" : "The target"}
              arrays={arrays}
              value={split.by ?? null}
              error={at("by")}
              onChange={(by) => onChange({ ...split, by })}
            />
          )}
          {split.kind === "time" ? (
            <GapField split={split} error={at("gap")} onChange={onChange} />
          ) : (
            <SeedField split={split} error={at("seed")} onChange={onChange} />
          )}
        </SimpleGrid>
      )}
    </Stack>
  );
}

interface FoldFieldsProps {
  split: Folds;
  arrays: readonly string[];
  at: (argument: string) => string | undefined;
  onChange: (split: Folds) => void;
}

function FoldFields({ split, arrays, at, onChange }: FoldFieldsProps) {
  const isTime = split.variant === "time";
  const isGrouped = split.variant === "grouped" || split.variant === "stratified_grouped";
  const variants = Object.entries(VARIANT_LABELS)
    .filter(([variant]) => arrays.length > 0 || !variant.includes("grouped"))
    .map(([value, label]) => ({ value: value as Folds["variant"], label }));
  return (
    <>
      <SimpleGrid cols={2} spacing="sm" verticalSpacing="xs">
        <NumberField
          label="Folds"
          value={split.folds}
          min={2}
          max={MOST_FOLDS}
          error={at("folds")}
          onChange={(folds) => onChange({ ...split, folds })}
        />
        <Select
          label="Folds of"
          allowDeselect={false}
          data={variants}
          value={split.variant}
          error={at("variant")}
          onChange={(variant) => variant && onChange(changeVariant(split, variant, arrays[0] ?? ""))}
        />
        {isGrouped && (
          <ArraySelect
            label="Groups"
            arrays={arrays}
            value={split.by ?? null}
            error={at("by")}
            onChange={(by) => onChange({ ...split, by: by ?? split.by })}
          />
        )}
        {isTime && (
          <>
            <ArraySelect
              label="Times"
              placeholder="Their order"
              arrays={arrays}
              value={split.by ?? null}
              error={at("by")}
              onChange={(by) => onChange({ ...split, by })}
            />
            <GapField split={split} error={at("gap")} onChange={onChange} />
          </>
        )}
        {!isTime && split.shuffle && (
          <>
            <NumberField
              label="Repeats"
              value={split.repeats}
              min={1}
              max={MOST_FOLDS}
              error={at("repeats")}
              onChange={(repeats) => onChange({ ...split, repeats })}
            />
            <SeedField split={split} error={at("seed")} onChange={onChange} />
          </>
        )}
      </SimpleGrid>
      {!isTime && (
        <Switch
          label="Shuffle before the folds are made"
          checked={split.shuffle}
          onChange={({ currentTarget: { checked } }) =>
            onChange({ ...split, shuffle: checked, repeats: checked ? split.repeats : 1 })
          }
        />
      )}
    </>
  );
}

interface ArraySelectProps {
  label: string;
  placeholder?: string;
  arrays: readonly string[];
  value: string | null;
  error: string | undefined;
  onChange: (array: string | null) => void;
}

/** Can be cleared where something else is taken then. */
function ArraySelect({ arrays, placeholder, ...select }: ArraySelectProps) {
  return (
    <Select
      {...select}
      placeholder={placeholder}
      data={[...arrays]}
      searchable
      clearable={placeholder !== undefined}
      allowDeselect={placeholder !== undefined}
    />
  );
}

interface ShareFieldProps {
  label: string;
  value: number;
  min: number;
  error: string | undefined;
  onChange: (share: number) => void;
}

function ShareField(field: ShareFieldProps) {
  return <NumberField {...field} max={LARGEST_SHARE} step={0.05} decimalScale={4} />;
}

interface OneFieldProps<Kind> {
  split: Kind;
  error: string | undefined;
  onChange: (split: Kind) => void;
}

function SeedField<Kind extends { seed: number }>({ split, error, onChange }: OneFieldProps<Kind>) {
  return (
    <NumberField
      label="Seed of the split"
      value={split.seed}
      min={0}
      max={LARGEST_SEED}
      error={error}
      onChange={(seed) => onChange({ ...split, seed })}
    />
  );
}

function GapField<Kind extends { gap: number }>({ split, error, onChange }: OneFieldProps<Kind>) {
  return (
    <NumberField
      label="Gap in samples"
      value={split.gap}
      min={0}
      max={LARGEST_GAP}
      error={error}
      onChange={(gap) => onChange({ ...split, gap })}
    />
  );
}
