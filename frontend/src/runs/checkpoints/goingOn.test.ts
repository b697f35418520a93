import { describe, expect, it } from "vitest";
import { findGoingOnObstacle } from "@/runs/checkpoints/goingOn";

const CHECKPOINT = { is_whole: true, can_resume: true, position: 3, step: 10 };

describe("going on from a checkpoint", () => {
  it("can be asked of a run that does not train", () => {
    for (const status of ["paused", "stopped", "failed", "finished"] as const) {
      expect(findGoingOnObstacle(CHECKPOINT, { status, step: 20 })).toBeNull();
    }
  });

  it("is nothing for a run under way, nor from the end of a finished one", () => {
    expect(findGoingOnObstacle(CHECKPOINT, { status: "running", step: 20 })).toContain("under way");
    expect(findGoingOnObstacle(CHECKPOINT, { status: "queued", step: 20 })).toContain("under way");
    expect(findGoingOnObstacle(CHECKPOINT, { status: "finished", step: 10 })).toContain("add epochs");
  });

  it("says what is wrong with the file", () => {
    const stopped = { status: "stopped", step: 20 } as const;
    expect(findGoingOnObstacle({ ...CHECKPOINT, is_whole: false }, stopped)).toContain("damaged");
    expect(findGoingOnObstacle({ ...CHECKPOINT, can_resume: false, position: null }, stopped)).toContain(
      "where in the data",
    );
    expect(findGoingOnObstacle({ ...CHECKPOINT, can_resume: false }, stopped)).toContain("earlier one");
  });
});
