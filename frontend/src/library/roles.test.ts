import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDefinition, makeField } from "@/library/examples";
import {
  arrange,
  askFor,
  explainName,
  explainNotReady,
  giveRole,
  keepRoles,
  nameArray,
  proposeName,
  rolesOf,
} from "@/library/roles";

const TABLE = makeDefinition("table", {
  inputs: [{ name: "features", fields: ["a", "b"] }],
  targets: [{ name: "y", fields: ["y"] }],
});

describe("roles", () => {
  it("put columns of a table side by side into one array", () => {
    expect(giveRole(TABLE, makeField("c"), "input").inputs).toEqual([
      { name: "features", fields: ["a", "b", "c"] },
    ]);
  });

  it("give arrays of a file an array each", () => {
    const arrays = makeDefinition("arrays");
    const both = giveRole(giveRole(arrays, makeField("x/left"), "input"), makeField("x/right"), "input");
    expect(both.inputs?.map(({ name }) => name)).toEqual(["x_left", "x_right"]);
  });

  it("let a column of a series be an input and a target, and take it out of both", () => {
    const both = giveRole(TABLE, makeField("b"), "both");
    expect([both.inputs, both.targets?.map(({ fields }) => fields)]).toEqual([TABLE.inputs, [["y"], ["b"]]]);
    expect(new Set([...both.inputs, ...both.targets].map(({ name }) => name)).size).toBe(3);
    expect(rolesOf(both).get("b")).toBe("both");
    expect(rolesOf(giveRole(both, makeField("b"), "none")).has("b")).toBe(false);
  });

  it("move a field: it is never in two places", () => {
    const moved = giveRole(giveRole(TABLE, makeField("b"), "target"), makeField("y"), "none");
    expect([...rolesOf(moved)]).toEqual([
      ["a", "input"],
      ["b", "target"],
    ]);
  });

  it("leave no empty array behind, and say what is missing", () => {
    const none = giveRole(TABLE, makeField("y"), "none");
    expect(none.targets).toEqual([]);
    expect(explainNotReady(none)).toContain("target");
    expect(
      explainNotReady(giveRole(giveRole(none, makeField("a"), "none"), makeField("b"), "none")),
    ).toContain("input");
    expect(explainNotReady(TABLE)).toBeNull();
  });
});

describe("when options change", () => {
  const said = makeDefinition("arrays", {
    inputs: [
      { name: "x", fields: ["x"] },
      { name: "more", fields: ["more"] },
    ],
    targets: [{ name: "y", fields: ["y"] }],
  });

  it("arrays keep what a person said, but for those with the samples for the test", () => {
    const kept = keepRoles("arrays", said, { test: { x: "more" } });
    expect(kept).toEqual({ inputs: [{ name: "x", fields: ["x"] }], targets: said.targets });
    expect(keepRoles("arrays", said, {})).toEqual({ inputs: said.inputs, targets: said.targets });
  });

  it("a table is proposed anew, for its columns may be others", () => {
    expect(keepRoles("table", TABLE, { header: false })).toEqual({ inputs: [], targets: [] });
    expect(keepRoles("arrays", null, {})).toEqual({ inputs: [], targets: [] });
  });
});

describe("while a target is wanting", () => {
  const half = giveRole(TABLE, makeField("y"), "none");
  const found = {
    definition: TABLE,
    choices: {},
    samples: 3,
    fields: [],
    rows: [],
    issues: [],
  };

  it("the server is not asked for arrays, and the page shows what was chosen", () => {
    expect(askFor(half)).toMatchObject({ inputs: [], targets: [] });
    expect(askFor(TABLE)).toBe(TABLE);
    expect(arrange(found, half).definition).toMatchObject({ inputs: TABLE.inputs, targets: [] });
  });

  it("what the server proposes counts where nothing was chosen", () => {
    expect(arrange(found, null)).toBe(found);
    expect(arrange(found, makeDefinition("table"))).toBe(found);
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
