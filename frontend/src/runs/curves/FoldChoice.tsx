/** Which fold's curves are shown: all of them with their mean, or one as if it were a run of its own. */
import { Select } from "@mantine/core";

const ALL = "all";

interface FoldChoiceProps {
  folds: readonly number[];
  /** Null: all. */
  value: number | null;
  onChange: (fold: number | null) => void;
}

export function FoldChoice({ folds, value, onChange }: FoldChoiceProps) {
  return (
    <Select
      size="xs"
      w={130}
      aria-label="Folds that are shown"
      data={[
        { value: ALL, label: "All folds" },
        ...folds.map((fold) => ({ value: String(fold), label: `Fold ${fold}` })),
      ]}
      value={value === null ? ALL : String(value)}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen === null || chosen === ALL ? null : Number(chosen))}
    />
  );
}
