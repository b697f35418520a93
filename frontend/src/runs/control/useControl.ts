/** Asks things of a run, and remembers what is under way until the run's events say that it took effect. */
import { useEffect, useState } from "react";
import { toProblem } from "@/api/problem";
import type { Action } from "@/runs/control/obstacles";
import { type Asked, isSettled, noteAsked } from "@/runs/control/settled";
import { useRunsStore } from "@/stores/runs/runsStore";
import type { LiveRun } from "@/stores/runs/state";
import { useLiveRun } from "@/stores/runs/useLiveRun";

export interface Control {
  readonly isUnderWay: (action: Action) => boolean;
  /** Calls the server; what it refuses is `problem`. Answers whether it was accepted. */
  readonly ask: (action: Action, call: () => Promise<unknown>) => Promise<boolean>;
  /** What the server said of the last thing that it refused, in a sentence. */
  readonly problem: string | null;
  readonly forgetProblem: () => void;
}

export function useControl(runId: string): Control {
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const settled = useLiveRun(runId, (run) => asked.filter((one) => isSettled(one, run)));

  useEffect(() => {
    if (settled?.length) setAsked((before) => before.filter((one) => !settled.includes(one)));
  }, [settled]);

  const ask = async (action: Action, call: () => Promise<unknown>): Promise<boolean> => {
    const run = readLive(runId);
    const one = run && noteAsked(action, run);
    setProblem(null);
    if (one) setAsked((before) => [...before.filter((other) => other.action !== action), one]);
    try {
      // What it answers may be older than what the stream has said by now: the events count.
      await call();
      return true;
    } catch (error) {
      setAsked((before) => before.filter((other) => other !== one));
      setProblem(toProblem(error).detail);
      return false;
    }
  };
  return {
    isUnderWay: (action) => asked.some((one) => one.action === action),
    ask,
    problem,
    forgetProblem: () => setProblem(null),
  };
}

function readLive(runId: string): LiveRun | null {
  const followed = useRunsStore.getState().followed[runId];
  return followed === undefined || followed.phase === "loading" ? null : followed.run;
}
