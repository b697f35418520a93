import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeField as field, makeDefinition } from "@/library/examples";
import { explainName, explainNotReady, giveRole, nameArray, proposeName, rolesOf } from "@/library/roles";

const TABLE = makeDefinition("table", {
  inputs: [{ name: "features", fields: ["a", "b"] }],
  targets: [{ name: "y", fields: ["y"] }],
});

describe("roles", () => {
  it("put columns of a table side by side into one array", () => {
    expect(giveRole(TABLE, field("c"), "input").inputs).toEqual([
      { name: "features", fields: ["a", "b", "c"] },
    ]);
  });

  it("give arrays of a file an array each", () => {
    const arrays = makeDefinition("arrays");
    const both = giveRole(giveRole(arrays, field("x/left"), "input"), field("x/right"), "input");
    expect(both.inputs?.map(({ name }) => name)).toEqual(["x_left", "x_right"]);
  });

  it("move a field: it is never in two places", () => {
    const moved = giveRole(giveRole(TABLE, field("b"), "target"), field("y"), "none");
    expect([...rolesOf(moved)]).toEqual([
      ["a", "input"],
      ["b", "target"],
    ]);
  });

  it("leave no empty array behind, and say what is missing", () => {
    const none = giveRole(TABLE, field("y"), "none");
    expect(none.targets).toEqual([]);
    expect(explainNotReady(none)).toContain("target");
    expect(explainNotReady(giveRole(giveRole(none, field("a"), "none"), field("b"), "none"))).toContain(
      "input",
    );
    expect(explainNotReady(TABLE)).toBeNull();
  });
});

describe("names", () => {
  it("of arrays are always such as the server takes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 150 }), (name) => {
        expect(nameArray(name, TABLE)).toMatch(/^[A-Za-z_][\w.-]{0,99}$/);
      }),
    );
  });

  it("of data sets come from the file, in any script", () => {
    expect(proposeName("Häuser 2024.csv", [])).toBe("hauser-2024");
    expect(proposeName("iris.csv", ["iris"])).toBe("iris-2");
    expect(proposeName("данные.npz", [])).toBe("my-data");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        expect(explainName(proposeName(name, []), [])).toBeNull();
      }),
    );
  });

  it("are refused with a sentence", () => {
    expect(explainName("", [])).toContain("Give it a name");
    expect(explainName("../x", [])).toContain("Small letters");
    expect(explainName("iris", ["iris"])).toContain("already");
  });
});
