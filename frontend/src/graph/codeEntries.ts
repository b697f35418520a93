/** Layers whose Python a person writes: what the palette offers, what a new one starts with, and what its class is called. */
import type { Entry } from "@/api/types";

export const CODE_PACKAGE = "code";
export const CODE_CATEGORY = "Python";

const NOT_ALLOWED =
  "This server does not run the Python of models. Where you trust all who use it, start it with --allow-code.";

/** The class that a new layer starts as: short, complete, and doing something that one sees. */
export const CODE_TEMPLATE = `import keras


class PythonLayer(keras.layers.Layer):
    """Multiplies each feature by a weight of its own."""

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones")

    def call(self, inputs):
        return inputs * self.scale
`;

/** What stands for every class that a person writes: one call argument that takes a tensor. */
export const CODE_ENTRY: Entry = {
  class_name: "PythonLayer",
  package: CODE_PACKAGE,
  category: CODE_CATEGORY,
  summary: "A layer that you write in Python.",
  help: "",
  aliases: ["custom layer", "code"],
  arguments: [],
  call: [
    {
      name: "inputs",
      position: 0,
      tensor: true,
      many: false,
      required: true,
      default: null,
      help: "What the class's call takes.",
    },
  ],
  example: {},
  unavailable: null,
};

const CLASS = /^class\s+([A-Za-z_]\w*)/m;

/** The palette's entry: to be had only where the server runs such code, which is unknown until it has answered. */
export function listCodeEntries(isAllowed: boolean | undefined): readonly Entry[] {
  return [isAllowed ? CODE_ENTRY : { ...CODE_ENTRY, unavailable: NOT_ALLOWED }];
}

/** The first class of the code; null where it has none yet. */
export function findClassName(code: string): string | null {
  return CLASS.exec(code)?.[1] ?? null;
}

/** The line of the code that an issue speaks of, counted from 1; null where it speaks of the whole. */
export function findFaultLine(message: string): number | null {
  const found = /^At line (\d+) of the code/.exec(message);
  return found ? Number(found[1]) : null;
}
