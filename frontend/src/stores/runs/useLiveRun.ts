/** Hooks that keep a part of the page up to date with one run, or with the list of all. */
import { throttle } from "es-toolkit";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useShallow } from "zustand/shallow";
import { stream } from "@/api/openStream";
import { queryClient } from "@/api/queryClient";
import { runQuery } from "@/api/runs";
import type { Connection } from "@/api/socket";
import type { RunPublic } from "@/api/types";
import { type FollowedRun, useRunsStore } from "@/stores/runs/runsStore";
import { liveSource } from "@/stores/runs/source";
import type { LiveRun } from "@/stores/runs/state";

const CALM_MS = 200;

/** Follow a run as long as the component is shown. */
export function useFollowRun(runId: string): void {
  const follow = useRunsStore((state) => state.follow);
  useEffect(() => follow(runId, liveSource), [follow, runId]);
}

/** Reads the run again where its events tell of another status than what is shown, however that came about. */
export function useFreshRun({ id, status }: RunPublic): void {
  const reported = useLiveRun(id, (run) => run.status);
  useEffect(() => {
    if (reported !== undefined && reported !== status) {
      void queryClient.invalidateQueries({ queryKey: runQuery(id).queryKey });
    }
  }, [id, reported, status]);
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
    useShallow(({ followed }) => {
      const run = findRun(followed[runId]);
      return run === undefined ? undefined : select(run);
    }),
  );
}

/** The run as it was at most a fifth of a second ago: numbers that change faster than that cannot be read. */
export function useCalmRun(runId: string): LiveRun | undefined {
  const [run, setRun] = useState(() => readRun(runId));
  useEffect(() => {
    const show = throttle(() => setRun(readRun(runId)), CALM_MS);
    show();
    const stop = useRunsStore.subscribe(show);
    return () => {
      stop();
      show.cancel();
    };
  }, [runId]);
  return run;
}

function findRun(followed: FollowedRun | undefined): LiveRun | undefined {
  return followed === undefined || followed.phase === "loading" ? undefined : (followed.run ?? undefined);
}

function readRun(runId: string): LiveRun | undefined {
  return findRun(useRunsStore.getState().followed[runId]);
}

export function useConnection(): Connection {
  return useSyncExternalStore(stream.onConnectionChange, stream.getConnection);
}
