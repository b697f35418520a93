/** One array of a sample: an image as pixels, a text in words where they are known, everything else as numbers. */
import { Spoiler, Text } from "@mantine/core";
import { toNumber } from "@/api/number";
import type { ShownArray } from "@/api/types";
import { formatMetric } from "@/ui/format/amounts";
import { SampleImage } from "@/ui/samples/SampleImage";

const MOST = 16;
/** Six lines. */
const TEXT_HEIGHT = 101;

interface ShownValueProps {
  array: ShownArray;
  label: string;
  size?: number;
}

export function ShownValue({ array, label, size = 72 }: ShownValueProps) {
  if (array.kind === "image")
    return (
      <SampleImage
        pixels={array.values}
        minimum={toNumber(array.minimum)}
        maximum={toNumber(array.maximum)}
        label={label}
        size={size}
      />
    );
  if (array.text != null)
    return (
      <Spoiler
        maxHeight={TEXT_HEIGHT}
        showLabel="Show more"
        hideLabel="Show less"
        styles={{ control: { fontSize: "var(--mantine-font-size-xs)" } }}
      >
        <Text size="xs" style={{ overflowWrap: "anywhere" }}>
          {array.text}
          {array.cut && " …"}
        </Text>
      </Spoiler>
    );
  return (
    <Text size="xs" style={{ fontVariantNumeric: "tabular-nums", overflowWrap: "anywhere" }} title={label}>
      {writeValues(array)}
    </Text>
  );
}

/** The first numbers; of word numbers without the padding in front. */
export function writeValues(array: ShownArray): string {
  const flat = [array.values].flat(8);
  const first = array.kind === "tokens" ? flat.findIndex((value) => value !== 0) : 0;
  const from = Math.max(0, first);
  const shown = flat.slice(from, from + MOST).map((value) => {
    return typeof value === "number" ? formatMetric(value) : String(value);
  });
  const padded = from > 0 ? "… " : "";
  return (
    padded +
    shown.join(array.kind === "tokens" ? " " : ", ") +
    (flat.length > from + MOST || array.cut ? " …" : "")
  );
}
