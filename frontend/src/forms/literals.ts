/** Numbers and tuples as people type them: `3`, `3, 3`, `(None, 64)`, `((1, 1), (2, 2))`, and back. */
import type { Argument } from "@/api/types";
import { toPython } from "@/graph/pythonText";

export type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

type Literal = number | null | Literal[];

const NUMBER = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads what was typed for an argument of numbers and tuples. Empty text is `undefined`: the default holds. */
export function parseLiteral(text: string, argument: Argument): Parsed {
  if (text.trim() === "") return { ok: true, value: undefined };
  const value = readLiteral(text);
  if (value === undefined) return refuse(text, argument);
  return acceptLiteral(value, argument) ?? refuse(text, argument);
}

function acceptLiteral(value: Literal, argument: Argument): Parsed | null {
  const takesTuple = argument.kinds.includes("tuple");
  if (value === null) return argument.nullable ? { ok: true, value: null } : null;
  if (Array.isArray(value)) return takesTuple ? checkTuple(value, argument) : null;
  if (fitsNumber(value, argument.kinds)) return { ok: true, value };
  // Keras wants a tuple where one number was typed, such as 64 for the shape (64,).
  return takesTuple && fitsNumber(value, argument.items) ? checkTuple([value], argument) : null;
}

function checkTuple(value: readonly Literal[], argument: Argument): Parsed | null {
  const { lengths } = argument;
  if (lengths.length > 0 && !lengths.includes(value.length)) {
    const expected = lengths.join(" or ");
    return { ok: false, message: `Expected a tuple of ${expected} values, got ${value.length}.` };
  }
  return value.every((item) => fitsItem(item, argument)) ? { ok: true, value } : null;
}

function fitsItem(item: Literal, argument: Argument): boolean {
  if (item === null) return argument.items_nullable;
  if (Array.isArray(item)) return argument.items.length === 0 || argument.items.includes("tuple");
  return argument.items.length === 0 || fitsNumber(item, argument.items);
}

function fitsNumber(value: number, kinds: Argument["kinds"]): boolean {
  return kinds.includes("float") || (kinds.includes("integer") && Number.isSafeInteger(value));
}

function refuse(text: string, argument: Argument): Parsed {
  return { ok: false, message: `Expected ${describeLiteral(argument)}, got "${text.trim()}".` };
}

/** What can be typed for an argument, in words. */
export function describeLiteral(argument: Argument): string {
  const words: string[] = [];
  if (argument.kinds.includes("float")) words.push("a number");
  else if (argument.kinds.includes("integer")) words.push("a whole number");
  if (argument.kinds.includes("tuple")) words.push(describeTuple(argument));
  if (argument.nullable) words.push("None");
  return words.join(" or ");
}

function describeTuple({ items, items_nullable, lengths }: Argument): string {
  const many = lengths.length > 0 ? `${lengths.join(" or ")} ` : "";
  const what = items.includes("float") ? "numbers" : items.includes("integer") ? "whole numbers" : "values";
  return `a tuple of ${many}${what}${items_nullable ? " (each may be None)" : ""}`;
}

/** Python's notation for numbers, None and nested tuples; undefined where the text is something else. */
function readLiteral(text: string): Literal | undefined {
  const plain = text.trim();
  if (NUMBER.test(plain)) return Number(plain.replaceAll("_", ""));
  const json = plain
    .replace(/[()]/g, (bracket) => (bracket === "(" ? "[" : "]"))
    .replace(/\bNone\b/gi, "null")
    .replace(/,\s*(\]|$)/g, (_, end) => (end === "]" ? "]" : ","));
  const isBare = hasTopLevelComma(json);
  try {
    const value: unknown = JSON.parse(isBare ? `[${json.replace(/,\s*$/, "")}]` : json);
    return isLiteral(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function hasTopLevelComma(json: string): boolean {
  let depth = 0;
  for (const character of json) {
    if (character === "[") depth += 1;
    else if (character === "]") depth -= 1;
    else if (character === "," && depth === 0) return true;
  }
  return false;
}

function isLiteral(value: unknown): value is Literal {
  return value === null || typeof value === "number" || (Array.isArray(value) && value.every(isLiteral));
}

/** The value as it stands in the field: tuples without their outer brackets, nothing for the default. */
export function formatLiteral(value: unknown): string {
  if (value === undefined) return "";
  if (!Array.isArray(value) || value.length < 2) return toPython(value);
  return value.map(toPython).join(", ");
}
