import { describe, expect, it, vi } from "vitest";
import type { RunEvent } from "@/api/events";
import type { RunFollower } from "@/api/socket";
import { makeSnapshot, TIME } from "@/stores/runs/exampleRun";
import { type FeedSource, type Known, MAX_LIVE_POINTS, RunFeed } from "@/stores/runs/feed";
import type { LiveRun, RunSnapshot } from "@/stores/runs/state";

/** A server with one run, and a screen that draws when it is told to. */
class FakeSource implements FeedSource {
  snapshots: RunSnapshot[] = [];
  loads: Known[] = [];
  follows: { after: number; follower: RunFollower; stopped: boolean }[] = [];
  private frame: (() => void) | null = null;
  readonly stream = {
    follow: (_runId: string, after: number, follower: RunFollower): (() => void) => {
      const follow = { after, follower, stopped: false };
      this.follows.push(follow);
      return () => {
        follow.stopped = true;
      };
    },
  };

  loadSnapshot = async (_runId: string, known: Known): Promise<RunSnapshot> => {
    this.loads.push(known);
    const snapshot = this.snapshots.shift();
    if (snapshot === undefined) throw new Error("there is no such run");
    return snapshot;
  };

  beforeNextFrame = (callback: () => void): (() => void) => {
    this.frame = callback;
    return () => {
      this.frame = null;
    };
  };

  get drawing(): boolean {
    return this.frame !== null;
  }

  draw(): void {
    const frame = this.frame;
    this.frame = null;
    frame?.();
  }
}

function openFeed(source: FakeSource): { feed: RunFeed; states: LiveRun[]; errors: unknown[] } {
  const states: LiveRun[] = [];
  const errors: unknown[] = [];
  const feed = new RunFeed("r1", source, {
    onState: (run) => states.push(run),
    onError: (error) => errors.push(error),
  });
  return { feed, states, errors };
}

function step(seq: number, count = 1): RunEvent {
  return {
    type: "steps",
    seq,
    time: TIME,
    epoch: 0,
    first_step: seq - 1,
    values: { loss: Array(count).fill(1) },
  };
}

describe("RunFeed", () => {
  it("shows the stored past, then follows from its last number", async () => {
    const source = new FakeSource();
    source.snapshots.push(makeSnapshot({ metrics: { run_id: "r1", steps: [], epochs: [], last_seq: 5 } }));
    const { states } = openFeed(source);
    await vi.waitFor(() => expect(source.follows.length).toBe(1));
    expect(source.follows[0]?.after).toBe(5);
    expect(states.map((run) => run.lastSeq)).toEqual([5]);
  });

  it("draws once per frame, however many messages come", async () => {
    const source = new FakeSource();
    source.snapshots.push(makeSnapshot());
    const { states } = openFeed(source);
    await vi.waitFor(() => expect(source.follows.length).toBe(1));
    for (let seq = 1; seq <= 10; seq++) source.follows[0]?.follower.onEvents([step(seq)]);
    expect(states.length).toBe(1);
    source.draw();
    expect(states.map((run) => run.step)).toEqual([0, 10]);
  });

  it("asks for down-sampled curves again when the live ones have grown long", async () => {
    const source = new FakeSource();
    const later = {
      run_id: "r1",
      steps: [{ name: "loss", x: [0], y: [1], total: 1 }],
      epochs: [],
      last_seq: 1,
    };
    source.snapshots.push(makeSnapshot(), makeSnapshot({ metrics: later }));
    const { states } = openFeed(source);
    await vi.waitFor(() => expect(source.follows.length).toBe(1));
    source.follows[0]?.follower.onEvents([step(1, MAX_LIVE_POINTS + 1)]);
    source.draw();
    await vi.waitFor(() => expect(source.follows.length).toBe(2));
    expect(source.follows.map(({ after, stopped }) => ({ after, stopped }))).toEqual([
      { after: 0, stopped: true },
      { after: 1, stopped: false },
    ]);
    expect(states.at(-1)).toMatchObject({ lastSeq: 1, livePoints: 0 });
  });

  it("tells of a run that cannot be loaded", async () => {
    const { errors } = openFeed(new FakeSource());
    await vi.waitFor(() => expect(errors).toEqual([new Error("there is no such run")]));
  });

  it("stops everything when it is closed", async () => {
    const source = new FakeSource();
    source.snapshots.push(makeSnapshot());
    const { feed, states } = openFeed(source);
    await vi.waitFor(() => expect(source.follows.length).toBe(1));
    source.follows[0]?.follower.onEvents([step(1)]);
    feed.close();
    expect(source.drawing).toBe(false);
    expect(source.follows[0]?.stopped).toBe(true);
    expect(states.length).toBe(1);
  });

  it("does not follow a run when it is closed before the past has come", async () => {
    const source = new FakeSource();
    source.snapshots.push(makeSnapshot());
    const { feed, states } = openFeed(source);
    feed.close();
    await Promise.resolve();
    await Promise.resolve();
    expect(states).toEqual([]);
    expect(source.follows).toEqual([]);
  });
});
