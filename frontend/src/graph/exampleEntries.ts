/** A few catalogue entries in the catalogue's own format, for the tests of this folder. */
import type { Argument, CallArgument, Entry } from "@/api/types";

export function makeArgument(name: string, given: Partial<Argument> = {}): Argument {
  return {
    name,
    kinds: ["integer"],
    required: false,
    nullable: false,
    default: null,
    choices: [],
    items: [],
    items_nullable: false,
    lengths: [],
    minimum: null,
    maximum: null,
    exclusive_minimum: false,
    exclusive_maximum: false,
    variables: [],
    help: "",
    ...given,
  };
}

export function makeTensorArgument(name: string, position: number | null, many = false): CallArgument {
  return { name, position, tensor: true, many, required: position === 0, default: null, help: "" };
}

export function makeEntry(className: string, given: Partial<Entry> = {}): Entry {
  return {
    class_name: className,
    package: null,
    category: "Core",
    summary: "",
    help: "",
    aliases: [],
    arguments: [],
    call: [makeTensorArgument("inputs", 0)],
    example: {},
    unavailable: null,
    ...given,
  };
}

export const INPUT = makeEntry("InputLayer", { call: [], example: { shape: [64] } });
export const DENSE = makeEntry("Dense", {
  arguments: [makeArgument("units", { required: true }), makeArgument("use_bias", { default: true })],
  example: { units: 32 },
});
export const ADD = makeEntry("Add", { call: [makeTensorArgument("inputs", 0, true)] });
export const ATTENTION = makeEntry("MultiHeadAttention", {
  call: [
    makeTensorArgument("query", 0),
    makeTensorArgument("value", 1),
    makeTensorArgument("attention_mask", null),
  ],
});
