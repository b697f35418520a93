/** Entries for models inside models: to be drawn by hand, so the catalogue, which lists what Keras brings, has none. */
import type { Entry } from "@/api/types";

export const MODEL_CATEGORY = "Models";

function makeEntry(class_name: string, summary: string): Entry {
  return {
    class_name,
    package: null,
    category: MODEL_CATEGORY,
    summary,
    help: "",
    aliases: [],
    arguments: [],
    call: [],
    example: {},
    unavailable: null,
  };
}

export const MODEL_ENTRIES: readonly Entry[] = [
  makeEntry("Functional", "A model of its own inside this one, of any shape: open it and draw."),
  makeEntry("Sequential", "A chain of layers inside this model: open it and add layers to its end."),
];
