import { expect, it } from "vitest";
import { entryKey, qualifiedName } from "@/graph/entryKey";

it("tells an operation from a layer of the same name", () => {
  expect(entryKey({ class_name: "Dense", package: null })).toBe("Dense");
  expect(entryKey({ class_name: "Dense" })).toBe("Dense");
  expect(entryKey({ class_name: "add", package: "keras.ops" })).not.toBe(entryKey({ class_name: "add" }));
  expect(qualifiedName({ class_name: "image.resize", package: "keras.ops" })).toBe("keras.ops.image.resize");
});
