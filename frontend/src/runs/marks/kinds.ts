/** What can happen to a run while it trains: its name, its sign, its colour. */
import type { MarkEvent } from "@/api/events";

export type MarkKind = MarkEvent["kind"];
export type Tone = "calm" | "change" | "good" | "halt" | "alarm";

export interface KindLook {
  readonly label: string;
  /** An SVG path in a square of 24. */
  readonly shape: string;
  readonly tone: Tone;
}

/** The most important first: where several fall on one place of a curve, that is the sign they get. */
export const KINDS: Record<MarkKind, KindLook> = {
  not_finite: {
    label: "Not finite",
    shape: "M9.8 3h4.4l-.9 11.5h-2.6zM10 17h4v4h-4z",
    tone: "alarm",
  },
  stopped: { label: "Stopped", shape: "M5.5 5.5h13v13h-13z", tone: "halt" },
  paused: { label: "Paused", shape: "M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z", tone: "calm" },
  resumed: { label: "Resumed", shape: "M7 3.5 20 12 7 20.5z", tone: "calm" },
  learning_rate: {
    label: "Learning rate",
    shape: "M3 4h5v16H3zM9.5 9h5v11h-5zM16 14h5v6h-5z",
    tone: "change",
  },
  restored: {
    label: "Weights put back",
    shape: "M9.5 4v4.5c7.5 0 11 3.5 12 11-3-4.5-6.5-6-12-6V18L2.5 11z",
    tone: "good",
  },
  epochs: { label: "Epochs", shape: "M10 4h4v6h6v4h-6v6h-4v-6H4v-4h6z", tone: "change" },
  best: {
    label: "Best",
    shape: "m12 2.8 2.9 6 6.6.9-4.8 4.6 1.2 6.5L12 17.7l-5.9 3.1 1.2-6.5L2.5 9.7l6.6-.9z",
    tone: "good",
  },
  saved: { label: "Checkpoint", shape: "M10 3h4v7.5h4.5L12 17 5.5 10.5H10zM4 19h16v2.5H4z", tone: "calm" },
};

export const RANKS: Record<MarkKind, number> = Object.fromEntries(
  Object.keys(KINDS).map((kind, rank) => [kind, rank]),
) as Record<MarkKind, number>;
