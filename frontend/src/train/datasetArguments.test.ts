import { describe, expect, it } from "vitest";
import type { DatasetSummary } from "@/api/types";
import { listArguments, setArgument } from "@/train/datasetArguments";

function makeDataset(properties?: Record<string, unknown>): DatasetSummary {
  return {
    name: "drawn",
    title: "Drawn",
    source: "drawn at random",
    task: "regression",
    samples: 10,
    inputs: [],
    targets: [],
    available: true,
    has_test_part: false,
    arguments_schema: { type: "object", ...(properties && { properties }) },
  };
}

describe("the arguments of a data set", () => {
  it("are none where its schema has none", () => {
    expect(listArguments(makeDataset())).toEqual([]);
  });

  it("have type, range, default and help of their schema", () => {
    const noise = {
      type: "number",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      description: "How noisy.",
    };
    expect(listArguments(makeDataset({ noise }))).toEqual([
      expect.objectContaining({
        name: "noise",
        kinds: ["float"],
        required: false,
        nullable: false,
        default: 0.1,
        minimum: 0,
        exclusive_minimum: false,
        maximum: 1,
        exclusive_maximum: true,
        help: "How noisy.",
      }),
    ]);
  });

  it("may be left open where their schema takes null", () => {
    const maxlen = {
      anyOf: [{ type: "integer", minimum: 1, maximum: 5000 }, { type: "null" }],
      default: null,
    };
    expect(listArguments(makeDataset({ maxlen }))[0]).toMatchObject({
      kinds: ["integer"],
      nullable: true,
      default: null,
      minimum: 1,
      maximum: 5000,
    });
  });

  it("are chosen where only some values are allowed", () => {
    const label_mode = { type: "string", enum: ["fine", "coarse"], default: "fine" };
    expect(listArguments(makeDataset({ label_mode }))[0]).toMatchObject({
      kinds: ["choice"],
      choices: ["fine", "coarse"],
    });
  });

  it("are written as JSON where their schema is one that no field can show", () => {
    expect(listArguments(makeDataset({ odd: { default: [] } }))[0]?.kinds).toEqual(["json"]);
  });

  it("are set one by one, and taken out for the default", () => {
    expect(setArgument({ a: 1 }, "b", 2)).toEqual({ a: 1, b: 2 });
    expect(setArgument({ a: 1, b: 2 }, "b", null)).toEqual({ a: 1, b: null });
    expect(setArgument({ a: 1, b: 2 }, "b", undefined)).toEqual({ a: 1 });
  });
});
