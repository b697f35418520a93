import { describe, expect, it } from "vitest";
import type { DataJob } from "@/api/ownTypes";
import { describeJob, describeProgress } from "@/ui/dataJobs/describe";

const JOB: DataJob = {
  id: "1",
  kind: "download",
  name: "mnist",
  title: "MNIST digits",
  state: "running",
  progress: 0.25,
  issues: [],
  created_at: "2026-11-21T00:00:00Z",
};

describe("work on data in words", () => {
  it("names what is done to which data set", () => {
    expect(describeJob(JOB)).toBe("Download MNIST digits");
    expect(describeJob({ ...JOB, kind: "make" })).toBe("Prepare MNIST digits");
    expect(describeJob({ ...JOB, kind: "duplicates" })).toBe("Look for duplicates in MNIST digits");
  });

  it("says how many bytes have come where they are counted", () => {
    expect(describeProgress(JOB)).toBe("25 % done");
    expect(describeProgress({ ...JOB, received_bytes: 1_000_000 })).toBe("1 MB");
    expect(describeProgress({ ...JOB, received_bytes: 1_000_000, total_bytes: 4_000_000 })).toBe(
      "1 MB of 4 MB",
    );
    expect(describeProgress({ ...JOB, received_bytes: 4, total_bytes: 4 })).toBe(
      "4 B are here; checking them",
    );
    expect(describeProgress({ ...JOB, state: "waiting" })).toBe("waiting for its turn");
  });
});
