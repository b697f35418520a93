/** Keeps the state of one followed run: the down-sampled past first, then every event as it comes. */
import type { RunEvent } from "@/api/events";
import type { StreamSocket } from "@/api/socket";
import { applyEvent } from "@/stores/runs/applyEvent";
import { fromSnapshot, type LiveRun, type RunSnapshot } from "@/stores/runs/state";

/** After this many live points the curves are down-sampled again, so that drawing stays fast however long the run. */
export const MAX_LIVE_POINTS = 20_000;

/** The numbers of the last events that the page has of those that it keeps one by one. */
export interface Known {
  readonly logs: number;
  /** Of setup, plan and marks. */
  readonly story: number;
}

export interface FeedSource {
  readonly stream: Pick<StreamSocket, "follow">;
  /** The run's stored past; of logs, setup, plan and marks only what came after what is known already. */
  loadSnapshot(runId: string, known: Known, signal: AbortSignal): Promise<RunSnapshot>;
  /** Calls `callback` before the next picture is drawn; answers how to call it off. */
  beforeNextFrame(callback: () => void): () => void;
}

export interface FeedListener {
  onState(run: LiveRun): void;
  onError(error: unknown): void;
}

export class RunFeed {
  private run: LiveRun | null = null;
  private queue: RunEvent[] = [];
  private cancelFrame: (() => void) | null = null;
  private unfollow: () => void = () => undefined;
  private abort = new AbortController();

  private readonly runId: string;
  private readonly source: FeedSource;
  private readonly listener: FeedListener;

  constructor(runId: string, source: FeedSource, listener: FeedListener) {
    this.runId = runId;
    this.source = source;
    this.listener = listener;
    void this.load();
  }

  close(): void {
    this.abort.abort();
    this.unfollow();
    this.cancelFrame?.();
    this.cancelFrame = null;
  }

  private async load(): Promise<void> {
    const { signal } = this.abort;
    try {
      const known = this.run;
      const snapshot = await this.source.loadSnapshot(this.runId, measureKnown(known), signal);
      if (signal.aborted) return;
      this.show(known === null ? fromSnapshot(snapshot) : resample(known, snapshot));
      this.unfollow = this.source.stream.follow(this.runId, snapshot.metrics.last_seq, {
        onEvents: (events) => this.enqueue(events),
        onError: (detail) => this.listener.onError(new Error(detail)),
      });
    } catch (error) {
      if (!signal.aborted) this.listener.onError(error);
    }
  }

  private enqueue(events: readonly RunEvent[]): void {
    this.queue.push(...events);
    this.cancelFrame ??= this.source.beforeNextFrame(() => this.flush());
  }

  private flush(): void {
    this.cancelFrame = null;
    if (this.run === null) return;
    const events = this.queue;
    this.queue = [];
    this.show(events.reduce(applyEvent, this.run));
    if (this.run.livePoints > MAX_LIVE_POINTS) {
      this.unfollow();
      void this.load();
    }
  }

  private show(run: LiveRun): void {
    this.run = run;
    this.listener.onState(run);
  }
}

function measureKnown(run: LiveRun | null): Known {
  const story = [run?.setup, run?.plan, run?.marks.at(-1)].map((event) => event?.seq ?? 0);
  return { logs: run?.logs.at(-1)?.seq ?? 0, story: Math.max(...story) };
}

/** The same run with freshly down-sampled curves; what came after the snapshot is asked for again. */
function resample(known: LiveRun, snapshot: RunSnapshot): LiveRun {
  const fresh = fromSnapshot({
    ...snapshot,
    logs: [...known.logs, ...snapshot.logs],
    setup: snapshot.setup ?? known.setup,
    plan: snapshot.plan ?? known.plan,
    marks: [...known.marks, ...snapshot.marks],
  });
  return {
    ...fresh,
    moments: known.moments,
    checkpoints: known.checkpoints + 1,
    droppedLogs: known.droppedLogs + fresh.droppedLogs,
  };
}
