import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endGesture, MAX_STEPS, recordStep, redoStep, startHistory, undoStep } from "@/graph/history";

describe("history", () => {
  it("undoes and redoes one step at a time", () => {
    let history = recordStep(recordStep(startHistory("a"), "b"), "c");
    history = undoStep(history);
    expect(history.present).toBe("b");
    history = redoStep(history);
    expect(history.present).toBe("c");
    expect(redoStep(history)).toBe(history);
  });

  it("makes the changes of one gesture one step", () => {
    let history = recordStep(startHistory("1"), "12", "units");
    history = recordStep(history, "128", "units");
    expect(undoStep(history).present).toBe("1");
  });

  it("begins a new step after the gesture has ended, or when another one comes between", () => {
    const first = recordStep(startHistory("a"), "b", "units");
    expect(undoStep(recordStep(endGesture(first), "c", "units")).present).toBe("b");
    expect(undoStep(recordStep(first, "c", "rate")).present).toBe("b");
  });

  it("does not join a step that was undone", () => {
    const history = undoStep(recordStep(recordStep(startHistory("a"), "b", "x"), "c", "y"));
    expect(undoStep(recordStep(history, "d", "x")).present).toBe("b");
  });

  it("drops what was undone once something new is done", () => {
    const history = recordStep(undoStep(recordStep(startHistory("a"), "b")), "c");
    expect(redoStep(history)).toBe(history);
  });

  it("keeps a bounded number of steps", () => {
    let history = startHistory(0);
    for (let step = 1; step <= MAX_STEPS + 50; step += 1) history = recordStep(history, step);
    expect(history.past).toHaveLength(MAX_STEPS);
  });

  it("returns to where it was, however many steps are undone and redone", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 50 }),
        fc.nat(60),
        (states, count) => {
          let history = startHistory(states[0]);
          for (const state of states.slice(1)) history = recordStep(history, state);
          const last = history.present;
          const possible = Math.min(count, states.length - 1);
          for (let step = 0; step < possible; step += 1) history = undoStep(history);
          expect(history.present).toBe(states[states.length - 1 - possible]);
          for (let step = 0; step < possible; step += 1) history = redoStep(history);
          expect(history.present).toBe(last);
        },
      ),
    );
  });
});
