/** Constants of a call, such as the 3 of `add(x, 3)` or the key of `x[:, 0]`: how they are typed, shown and kept. */
import type { CallArgument, Edge, Node } from "@/api/types";
import { type Document, indexGraph } from "@/graph/document";
import { isObjectConfig } from "@/graph/pythonText";

export type ReadConstant = { ok: true; value: unknown } | { ok: false; message: string };

const SLICE = /^(-?\d+)?:(-?\d+)?(?::(-?\d+)?)?$/;
const PARTS = ["start", "stop", "step"] as const;

/** The name under which a node keeps a constant: required arguments by position, so that no gap is left before a tensor. */
export function constantName(argument: CallArgument): string {
  return argument.required && argument.position !== null ? String(argument.position) : argument.name;
}

/** The constant that a node has for an argument; undefined where it has none. */
export function readConstant(node: Node, argument: CallArgument): unknown {
  const { name, position } = argument;
  return name in node.arguments ? node.arguments[name] : node.arguments[String(position)];
}

/** The arguments that could be constants: those without a tensor, and no lists of tensors. */
export function listConstants(call: readonly CallArgument[], edges: readonly Edge[]): CallArgument[] {
  return call.filter(
    ({ name, position, many }) =>
      !many && !edges.some(({ argument }) => argument === name || String(argument) === String(position)),
  );
}

/** The document with a constant of a call set, or taken out where it is undefined. */
export function setConstant(
  document: Document,
  nodeId: string,
  argument: CallArgument,
  value: unknown,
): Document {
  const node = indexGraph(document.graph).nodes.get(nodeId);
  if (!node) return document;
  const { [argument.name]: _, [String(argument.position)]: __, ...others } = node.arguments;
  const changed = value === undefined ? others : { ...others, [constantName(argument)]: value };
  const nodes = document.graph.nodes.map((one) => (one.id === nodeId ? { ...one, arguments: changed } : one));
  return { ...document, graph: { ...document.graph, nodes } };
}

/** Reads what was typed: JSON, Python's `None`, `True`, `False` and tuples, or an index such as `:, 0` and `..., ::2`. */
export function parseConstant(text: string): ReadConstant {
  const plain = text.trim();
  if (plain === "") return { ok: true, value: undefined };
  const array = /^array\((\[.*\])\)$/s.exec(plain);
  if (array) return readArray(array[1] ?? "", plain);
  const index = readIndex(plain.replace(/^\[(.*)\]$/s, "$1"));
  if (index !== undefined) return { ok: true, value: index };
  const json = plain
    .replace(/\bNone\b/g, "null")
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/[()]/g, (bracket) => (bracket === "(" ? "[" : "]"))
    .replace(/,\s*\]/g, "]");
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch {
    return refuse(plain);
  }
}

function refuse(text: string): ReadConstant {
  return {
    ok: false,
    message: `Expected a value such as 3, [1, 2], array([1, 2]), "text" or :, 0; got ${text}.`,
  };
}

function readArray(values: string, text: string): ReadConstant {
  try {
    return {
      ok: true,
      value: { class_name: "__numpy__", config: { value: JSON.parse(values), dtype: "float32" } },
    };
  } catch {
    return refuse(text);
  }
}

/** An index with at least one slice or ellipsis; undefined for everything else. */
function readIndex(text: string): unknown {
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.some((part) => part === "..." || SLICE.test(part))) return undefined;
  const read = parts.map(readIndexPart);
  if (read.includes(undefined)) return undefined;
  return read.length === 1 ? read[0] : read;
}

function readIndexPart(part: string): unknown {
  if (part === "...") return { class_name: "__ellipsis__", config: {} };
  if (part === "None") return null;
  if (/^-?\d+$/.test(part)) return Number(part);
  const slice = SLICE.exec(part);
  if (!slice) return undefined;
  const [start, stop, step] = slice.slice(1).map((bound) => (bound === undefined ? null : Number(bound)));
  return { class_name: "__slice__", config: { start, stop, step: step ?? null } };
}

/** The constant as it would be typed. */
export function formatConstant(value: unknown): string {
  if (value === undefined) return "";
  if (isMarker(value)) return formatIndexPart(value);
  if (isArray(value)) return `array(${JSON.stringify(value.config.value)})`;
  if (Array.isArray(value) && value.some(isMarker)) return value.map(formatIndexPart).join(", ");
  return JSON.stringify(value);
}

interface Marker {
  class_name: string;
  config: Record<string, unknown>;
}

function hasClass(value: unknown, ...names: readonly string[]): value is Marker {
  return isObjectConfig(value) && names.includes(value.class_name);
}

function isMarker(value: unknown): value is Marker {
  return hasClass(value, "__slice__", "__ellipsis__");
}

/** An array of floats is shown as it is typed; one of another dtype as the JSON that it is. */
function isArray(value: unknown): value is Marker {
  return hasClass(value, "__numpy__", "__tensor__") && value.config.dtype === "float32";
}

function formatIndexPart(value: unknown): string {
  if (!isMarker(value)) return value === null ? "None" : JSON.stringify(value);
  if (value.class_name === "__ellipsis__") return "...";
  const [start, stop, step] = PARTS.map((part) => value.config[part] ?? "");
  return `${start}:${stop}${step === "" ? "" : `:${step}`}`;
}
