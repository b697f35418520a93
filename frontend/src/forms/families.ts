/** Which editor an argument gets: the catalogue's kinds, gathered into the few families of fields that show them. */
import type { Argument, ArgumentKind, Catalogue, Entry } from "@/api/types";
import { isObjectConfig } from "@/graph/pythonText";

export type Family = "literal" | "text" | "expression" | "words" | "choice" | "switch" | "object" | "json";

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

/** A longer list, such as a vocabulary, is no field's but a text's. */
const MOST_WORDS = 50;

/** The words of a list; none where it is something else. */
export function listWords(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The families an argument can be edited in, likeliest first. */
export function familiesOf(argument: Argument): Family[] {
  const holdsNumbers = argument.items.every((kind) => FAMILY_OF_KIND[kind] === "literal");
  const holdsWords = argument.items.length > 0 && argument.items.every((kind) => kind === "string");
  const families = argument.kinds.map((kind): Family => {
    if (kind !== "tuple" || holdsNumbers) return FAMILY_OF_KIND[kind];
    return holdsWords ? "words" : "json";
  });
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
    case "words":
      return Array.isArray(value) && value.length <= MOST_WORDS && listWords(value).length === value.length;
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
