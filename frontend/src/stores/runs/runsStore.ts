/** The runs that the page follows live. Each is followed once, however many parts of the page show it. */
import { create } from "zustand";
import { type FeedSource, RunFeed } from "@/stores/runs/feed";
import type { LiveRun } from "@/stores/runs/state";

export type FollowedRun =
  | { readonly phase: "loading" }
  | { readonly phase: "ready"; readonly run: LiveRun }
  | { readonly phase: "failed"; readonly error: unknown; readonly run: LiveRun | null };

export interface RunsState {
  readonly followed: Readonly<Record<string, FollowedRun>>;
  /** Start to follow a run; answers how to stop. */
  follow(runId: string, source: FeedSource): () => void;
}

interface Watched {
  readonly feed: RunFeed;
  watchers: number;
}

const LOADING: FollowedRun = { phase: "loading" };

export const useRunsStore = create<RunsState>()((set, get) => {
  const watched = new Map<string, Watched>();

  const show = (runId: string, followed: FollowedRun): void =>
    set((state) => ({ followed: { ...state.followed, [runId]: followed } }));

  const forget = (runId: string): void =>
    set((state) => {
      const { [runId]: _gone, ...rest } = state.followed;
      return { followed: rest };
    });

  const start = (runId: string, source: FeedSource): Watched => {
    show(runId, LOADING);
    const feed = new RunFeed(runId, source, {
      onState: (run) => show(runId, { phase: "ready", run }),
      onError: (error) => {
        const last = get().followed[runId];
        show(runId, { phase: "failed", error, run: last?.phase === "ready" ? last.run : null });
      },
    });
    return { feed, watchers: 0 };
  };

  return {
    followed: {},
    follow: (runId, source) => {
      const run = watched.get(runId) ?? start(runId, source);
      watched.set(runId, run);
      run.watchers += 1;
      return () => {
        run.watchers -= 1;
        if (run.watchers > 0) return;
        run.feed.close();
        watched.delete(runId);
        forget(runId);
      };
    },
  };
});
