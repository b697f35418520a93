/** The colours of what was added, removed and changed: the same as in the picture. */
import type { Kind } from "@/compare/describeChanges";

export const KIND_COLORS: Readonly<Record<Kind, string>> = {
  added: "green",
  removed: "red",
  changed: "orange",
};
