import { describe, expect, it } from "vitest";
import { applyFork, checkRate, suggestFork } from "@/runs/checkpoints/forkSettings";
import { makeRun } from "@/stores/runs/exampleRun";

const RUN = makeRun();
const SAME = suggestFork(RUN);

describe("forking a run", () => {
  it("changes nothing by itself, but for the weights that it starts with", () => {
    const config = { ...RUN.config, weights: "a".repeat(64), partial_weights: true };
    expect(applyFork(config, SAME)).toEqual({ ...RUN.config, weights: null, partial_weights: false });
  });

  it("changes what was typed", () => {
    const config = applyFork(RUN.config, {
      ...SAME,
      epochs: 9,
      batchSize: 64,
      seed: 5,
      learningRate: "1e-4",
    });
    expect(config.fit).toMatchObject({ epochs: 9, batch_size: 64 });
    expect(config.seed).toBe(5);
    expect(config.compile.optimizer).toEqual({ class_name: "adam", config: { learning_rate: 1e-4 } });
  });

  it("keeps an optimizer's other settings", () => {
    const optimizer = { class_name: "SGD", config: { momentum: 0.9, learning_rate: 0.1 } };
    const config = { ...RUN.config, compile: { ...RUN.config.compile, optimizer } };
    expect(applyFork(config, { ...SAME, learningRate: "0.01" }).compile.optimizer).toEqual({
      class_name: "SGD",
      config: { momentum: 0.9, learning_rate: 0.01 },
    });
  });

  it("says what is wrong with a learning rate, and leaves an empty one as it was", () => {
    expect(checkRate(SAME)).toBeUndefined();
    expect(checkRate({ ...SAME, learningRate: "fast" })).toContain("Expected a number");
  });
});
