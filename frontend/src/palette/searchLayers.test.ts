import { expect, it } from "vitest";
import type { Entry } from "@/api/types";
import { searchLayers } from "@/palette/searchLayers";

function entry(class_name: string, given: Partial<Entry> = {}): Entry {
  return {
    class_name,
    category: "Core",
    summary: "",
    help: "",
    aliases: [],
    arguments: [],
    call: [],
    example: {},
    ...given,
  };
}

const ENTRIES = [
  entry("SeparableConv2D"),
  entry("Conv2DTranspose"),
  entry("Conv2D", { aliases: ["Convolution2D"] }),
  entry("MaxPooling2D", { aliases: ["MaxPool2D"], category: "Pooling" }),
  entry("Dense", { summary: "Just your regular densely-connected NN layer." }),
];

function find(query: string): string[] {
  return searchLayers(ENTRIES, query).map(({ class_name }) => class_name);
}

it("puts the exact name first, then beginnings, then the rest", () => {
  expect(find("conv2d")).toEqual(["Conv2D", "Conv2DTranspose", "SeparableConv2D"]);
});

it("finds other names, categories and words of the summary", () => {
  expect(find("Convolution")).toEqual(["Conv2D"]);
  expect(find("max pool 2d")).toEqual(["MaxPooling2D"]);
  expect(find("pooling")).toEqual(["MaxPooling2D"]);
  expect(find("densely")).toEqual(["Dense"]);
});

it("shows all for an empty search, and nothing for nonsense", () => {
  expect(find("  ")).toEqual(ENTRIES.map(({ class_name }) => class_name));
  expect(find("qqq")).toEqual([]);
});

it("finds an operation by its own name and by its full one, after the layer of that name", () => {
  const entries = [entry("add", { package: "keras.ops" }), entry("AddLoss"), entry("Add")].toSorted(
    (one, other) => Number(one.package !== undefined) - Number(other.package !== undefined),
  );
  const names = (query: string) => searchLayers(entries, query).map(({ class_name }) => class_name);
  expect(names("add")).toEqual(["Add", "add", "AddLoss"]);
  expect(names("keras.ops.add")).toEqual(["add"]);
  expect(names("keras.ops")).toEqual(["add"]);
});
