/** The sign of what happened, as it stands on the curves. */
import { KINDS, type MarkKind, type Tone } from "@/runs/marks/kinds";

const COLORS: Record<Tone, string> = {
  calm: "light-dark(var(--mantine-color-gray-6), var(--mantine-color-gray-5))",
  change: "light-dark(var(--mantine-color-grape-6), var(--mantine-color-grape-4))",
  good: "light-dark(var(--mantine-color-teal-7), var(--mantine-color-teal-4))",
  halt: "light-dark(var(--mantine-color-orange-7), var(--mantine-color-orange-4))",
  alarm: "light-dark(var(--mantine-color-red-7), var(--mantine-color-red-4))",
};

export function MarkSign({ kind }: { kind: MarkKind }) {
  const { shape, tone } = KINDS[kind];
  return (
    <svg width={13} height={13} viewBox="0 0 24 24" aria-hidden style={{ flex: "none" }}>
      <path d={shape} fill={COLORS[tone]} />
    </svg>
  );
}
