/** Hooks that keep a part of the page up to date with one run, or with the list of all. */
import { useEffect, useSyncExternalStore } from "react";
import { useShallow } from "zustand/shallow";
import { stream } from "@/api/openStream";
import type { Connection } from "@/api/socket";
import { type FollowedRun, useRunsStore } from "@/stores/runs/runsStore";
import { liveSource } from "@/stores/runs/source";
import type { LiveRun } from "@/stores/runs/state";

/** Follow a run as long as the component is shown. */
export function useFollowRun(runId: string): void {
  const follow = useRunsStore((state) => state.follow);
  useEffect(() => follow(runId, liveSource), [follow, runId]);
}

export function useFollowedPhase(runId: string): FollowedRun["phase"] {
  return useRunsStore((state) => state.followed[runId]?.phase ?? "loading");
}

export function useFollowedError(runId: string): unknown {
  return useRunsStore((state) => {
    const followed = state.followed[runId];
    return followed?.phase === "failed" ? followed.error : null;
  });
}

/** What `select` takes of a followed run, or undefined until it is known. Renders only when that changes. */
export function useLiveRun<Selected>(
  runId: string,
  select: (run: LiveRun) => Selected,
): Selected | undefined {
  return useRunsStore(
    useShallow((state) => {
      const followed = state.followed[runId];
      const run = followed === undefined || followed.phase === "loading" ? null : followed.run;
      return run === null ? undefined : select(run);
    }),
  );
}

export function useConnection(): Connection {
  return useSyncExternalStore(stream.onConnectionChange, stream.getConnection);
}
