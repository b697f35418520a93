/** Where a followed run's state really comes from: the REST API, the WebSocket and the screen. */
import { stream } from "@/api/openStream";
import { queryClient } from "@/api/queryClient";
import { readLogs, readMetrics, readStory, runQuery } from "@/api/runs";
import type { FeedSource, Known } from "@/stores/runs/feed";
import type { RunSnapshot } from "@/stores/runs/state";

/**
 * The curves are read first: whatever is read after them may be newer, and events that are in it already do no harm,
 * while an event that is in neither would be missed.
 */
async function loadSnapshot(runId: string, known: Known, signal: AbortSignal): Promise<RunSnapshot> {
  const metrics = await readMetrics(runId, signal);
  const [run, logs, story] = await Promise.all([
    queryClient.fetchQuery({ ...runQuery(runId), staleTime: 0 }),
    readLogs(runId, known.logs, signal),
    readStory(runId, known.story, signal),
  ]);
  return {
    run,
    metrics,
    logs,
    setup: story.findLast((event) => event.type === "setup") ?? null,
    plan: story.findLast((event) => event.type === "plan") ?? null,
    marks: story.filter((event) => event.type === "mark"),
  };
}

function beforeNextFrame(callback: () => void): () => void {
  const frame = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(frame);
}

export const liveSource: FeedSource = { stream, loadSnapshot, beforeNextFrame };
