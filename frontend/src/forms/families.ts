/** Which editor an argument gets: the catalogue's kinds, gathered into the few families of fields that show them. */
import type { Argument, ArgumentKind, Catalogue, Entry } from "@/api/types";
import { isObjectConfig } from "@/graph/pythonText";

export type Family = "literal" | "text" | "expression" | "choice" | "switch" | "object" | "json";

const FAMILY_OF_KIND: Readonly<Record<ArgumentKind, Family>> = {
  boolean: "switch",
  integer: "literal",
  float: "literal",
  tuple: "literal",
  string: "text",
  choice: "choice",
  dtype: "choice",
  activation: "choice",
  initializer: "object",
  regularizer: "object",
  constraint: "object",
  optimizer: "object",
  learning_rate_schedule: "object",
  loss: "object",
  metric: "object",
  layer: "object",
  expression: "expression",
  json: "json",
};

/** The families an argument can be edited in, likeliest first. */
export function familiesOf(argument: Argument): Family[] {
  const holdsNumbers = argument.items.every((kind) => FAMILY_OF_KIND[kind] === "literal");
  const families = argument.kinds.map((kind) =>
    kind === "tuple" && !holdsNumbers ? "json" : FAMILY_OF_KIND[kind],
  );
  const isChoice = families.includes("choice") || argument.nullable;
  return [...new Set(families.map((family) => (family === "switch" && isChoice ? "choice" : family)))];
}

/** The family that the present value belongs to; JSON for one that no other family can show. */
export function pickFamily(argument: Argument, value: unknown): Family {
  const families = familiesOf(argument);
  const [likeliest = "json"] = families;
  if (value === undefined || value === null) return likeliest;
  return families.find((family) => canShow(family, value)) ?? "json";
}

function canShow(family: Family, value: unknown): boolean {
  switch (family) {
    case "literal":
      return (
        typeof value === "number" ||
        (Array.isArray(value) && value.every((item) => item === null || canShow("literal", item)))
      );
    case "text":
    case "expression":
      return typeof value === "string";
    case "choice":
      return typeof value === "string" || typeof value === "boolean";
    case "switch":
      return typeof value === "boolean";
    case "object":
      return typeof value === "string" || isObjectConfig(value);
    case "json":
      return true;
  }
}

/** The classes that an argument of objects can be made from. */
export function entriesFor(argument: Argument, catalogue: Catalogue): readonly Entry[] {
  const lists: Partial<Record<ArgumentKind, readonly Entry[]>> = {
    initializer: catalogue.initializers,
    regularizer: catalogue.regularizers,
    constraint: catalogue.constraints,
    optimizer: catalogue.optimizers,
    learning_rate_schedule: catalogue.learning_rate_schedules,
    loss: catalogue.losses,
    metric: catalogue.metrics,
    layer: catalogue.layers,
  };
  return argument.kinds.flatMap((kind) => lists[kind] ?? []).filter((entry) => !entry.unavailable);
}

/** The values that a choice offers, None apart. */
export function choicesFor(argument: Argument, catalogue: Catalogue): readonly unknown[] {
  return argument.kinds.flatMap((kind): readonly unknown[] => {
    if (kind === "choice") return argument.choices;
    if (kind === "activation") return catalogue.activations;
    if (kind === "dtype") return catalogue.dtypes;
    return kind === "boolean" ? [true, false] : [];
  });
}

const QUIET: ReadonlySet<ArgumentKind> = new Set([
  "initializer",
  "regularizer",
  "constraint",
  "dtype",
  "json",
]);

export interface ArgumentGroups {
  readonly main: readonly Argument[];
  readonly advanced: readonly Argument[];
}

/** What a layer needs comes first; the objects that most layers leave at their defaults are folded away. */
export function groupArguments(entry: Entry): ArgumentGroups {
  const isNeeded = ({ name, required }: Argument) => required || name in entry.example;
  const isQuiet = (argument: Argument) =>
    !isNeeded(argument) && argument.kinds.every((kind) => QUIET.has(kind));
  const loud = entry.arguments.filter((argument) => !isQuiet(argument));
  return {
    main: [...loud.filter(isNeeded), ...loud.filter((argument) => !isNeeded(argument))],
    advanced: entry.arguments.filter(isQuiet),
  };
}
