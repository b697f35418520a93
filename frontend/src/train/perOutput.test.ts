import { describe, expect, it } from "vitest";
import type { CompileSettings } from "@/api/types";
import {
  gatherSettings,
  isPerOutput,
  lossOf,
  metricsOf,
  setLoss,
  setMetrics,
  setWeight,
  spreadSettings,
  weightOf,
} from "@/train/perOutput";

const OUTPUTS = ["digit", "again"];

function settings(given: Partial<CompileSettings>): CompileSettings {
  return { optimizer: "adam", loss: "mse", metrics: [], weighted_metrics: [], ...given };
}

describe("settings per output", () => {
  it("are told from one loss for all", () => {
    expect(isPerOutput(settings({}))).toBe(false);
    expect(isPerOutput(settings({ loss: { class_name: "Huber", config: {} } }))).toBe(false);
    expect(isPerOutput(settings({ loss: { digit: "mse" } }))).toBe(true);
    expect(isPerOutput(settings({ loss: ["mse", null] }))).toBe(true);
    expect(isPerOutput(settings({ metrics: { digit: "mae" } }))).toBe(false);
    expect(isPerOutput(settings({ loss_weights: [1, 2] }))).toBe(true);
  });

  it("give every output its loss, however they are written", () => {
    const read = (loss: CompileSettings["loss"]) =>
      OUTPUTS.map((name) => lossOf(settings({ loss }), OUTPUTS, name));
    expect(read("mse")).toEqual(["mse", "mse"]);
    expect(read(["mae", null])).toEqual(["mae", null]);
    expect(read({ again: "mae" })).toEqual([null, "mae"]);
  });

  it("set the loss of one and keep that of the others", () => {
    expect(setLoss(settings({}), OUTPUTS, "again", "mae").loss).toEqual({ digit: "mse", again: "mae" });
    expect(setLoss(settings({ loss: ["mse", "mae"] }), OUTPUTS, "digit", null).loss).toEqual({
      digit: null,
      again: "mae",
    });
  });

  it("are spread and gathered again", () => {
    const spread = spreadSettings(settings({ metrics: ["accuracy"] }), OUTPUTS);
    expect(spread.loss).toEqual({ digit: "mse", again: "mse" });
    expect(spread.metrics).toEqual({ digit: ["accuracy"] });
    expect(gatherSettings({ ...spread, loss_weights: [1, 2] }, OUTPUTS)).toEqual(
      settings({ metrics: { digit: ["accuracy"] }, weighted_metrics: {} }),
    );
  });

  it("weigh losses by name, and drop weights that are all one", () => {
    const weighted = setWeight(settings({}), OUTPUTS, "again", 0.5);
    expect(weighted.loss_weights).toEqual({ digit: 1, again: 0.5 });
    expect(weighted.loss).toEqual({ digit: "mse", again: "mse" });
    expect(OUTPUTS.map((name) => weightOf(weighted, OUTPUTS, name))).toEqual([1, 0.5]);
    expect(setWeight(weighted, OUTPUTS, "again", 1)).not.toHaveProperty("loss_weights");
  });

  it("read metrics by list, by name and alone", () => {
    const read = (metrics: CompileSettings["metrics"]) =>
      OUTPUTS.map((name) => metricsOf(metrics, OUTPUTS, name));
    expect(read([["accuracy"], []])).toEqual([["accuracy"], []]);
    expect(read(["accuracy", "mae"])).toEqual([["accuracy"], ["mae"]]);
    expect(read(["accuracy"])).toEqual([["accuracy"], []]);
    expect(read({ again: "mae" })).toEqual([[], ["mae"]]);
    expect(metricsOf(["accuracy", "mae"], ["only"], "only")).toEqual(["accuracy", "mae"]);
  });

  it("set the metrics of one output and leave out those that have none", () => {
    const changed = setMetrics(
      settings({ metrics: [["accuracy"], ["mae"]] }),
      "metrics",
      OUTPUTS,
      "digit",
      [],
    );
    expect(changed.metrics).toEqual({ again: ["mae"] });
  });
});
