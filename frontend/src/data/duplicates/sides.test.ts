import { describe, expect, it } from "vitest";
import type { StoredSplitInfo } from "@/api/splits";
import { listSides } from "@/data/duplicates/sides";
import type { Split } from "@/ui/runs/describeValidation";

const STORED = [{ name: "halves" }, { name: "thirds" }] as unknown as StoredSplitInfo[];
const LAST: Split = { kind: "holdout", validation: 0.2, test: 0, seed: 0, shuffle: false };

describe("across which sides leaks are looked for", () => {
  it("are those of the training form first, then those that are stored", () => {
    expect(listSides(LAST, STORED).map(({ label }) => label)).toEqual([
      "this training: the last 20 % of the samples",
      "stored split halves",
      "stored split thirds",
      "its own parts only",
    ]);
  });

  it("are only the data set's own parts where nothing divides it", () => {
    expect(listSides(null, [])).toEqual([{ value: "", label: "its own parts only", split: null }]);
    expect(listSides(null, STORED)[0]?.split).toBeNull();
  });

  it("has a stored split that the training names once", () => {
    const sides = listSides({ kind: "stored", name: "thirds" }, STORED);
    expect(sides.map(({ label }) => label)).toEqual([
      "this training: stored split thirds",
      "stored split halves",
      "its own parts only",
    ]);
  });
});
