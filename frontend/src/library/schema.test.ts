import { describe, expect, it } from "vitest";
import { readOptions } from "@/library/schema";

describe("the options of a kind", () => {
  it("become fields, as pydantic writes them", () => {
    const options = readOptions({
      $defs: { Rows: { enum: ["refuse", "drop"], type: "string" } },
      properties: {
        delimiter: {
          anyOf: [{ type: "string", maxLength: 1 }, { type: "null" }],
          description: "What parts.",
        },
        header: { type: "boolean", default: true },
        missing_rows: { $ref: "#/$defs/Rows", default: "refuse" },
        limit: { type: "integer", minimum: 1, maximum: 9 },
        missing: { type: "array", items: { type: "string" } },
        image_size: {
          anyOf: [
            { type: "array", prefixItems: [{ type: "integer" }, { type: "integer" }] },
            { type: "null" },
          ],
        },
        test: { type: "object", additionalProperties: { type: "string", format: "field" } },
        class_names: { anyOf: [{ type: "string", format: "field" }, { type: "null" }] },
        columns: { type: "object", additionalProperties: { type: "object" } },
      },
    });
    expect(options.map(({ name, kind }) => [name, kind])).toEqual([
      ["delimiter", { type: "text", longest: 1 }],
      ["header", { type: "switch" }],
      ["missing_rows", { type: "choice", choices: ["refuse", "drop"] }],
      ["limit", { type: "number", integer: true, minimum: 1, maximum: 9 }],
      ["missing", { type: "words" }],
      ["image_size", { type: "numbers", length: 2 }],
      ["test", { type: "fields" }],
      ["class_names", { type: "field" }],
    ]);
    expect(options[0]).toMatchObject({ label: "Delimiter", help: "What parts.", nullable: true });
    expect(options[2]).toMatchObject({ label: "Missing rows", nullable: false });
  });

  it("are none where there is no schema, and strange ones are left out", () => {
    expect(readOptions({})).toEqual([]);
    expect(readOptions({ properties: { a: true, b: { $ref: "#/$defs/gone" }, c: null } })).toEqual([]);
  });
});
