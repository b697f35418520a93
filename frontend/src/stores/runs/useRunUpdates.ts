/** Keeps the lists of runs up to date while a page shows one. */
import type { InfiniteData } from "@tanstack/react-query";
import { useEffect } from "react";
import { stream } from "@/api/openStream";
import { queryClient } from "@/api/queryClient";
import { RUN_LISTS, runQuery } from "@/api/runs";
import type { RunPublic } from "@/api/types";

interface RunPage {
  readonly items: readonly RunPublic[];
  readonly next_cursor: string | null;
}

type Lists = InfiniteData<RunPage, string | undefined>;

/** Hear of every run: a known one changes in place; a new or deleted one makes the lists read again. */
export function useRunUpdates(): void {
  useEffect(
    () =>
      stream.listenToRuns((notification) => {
        switch (notification.type) {
          case "run":
            changeRun(notification.run);
            return;
          case "run_deleted":
            queryClient.removeQueries({ queryKey: runQuery(notification.run_id).queryKey });
            void queryClient.invalidateQueries({ queryKey: RUN_LISTS });
            return;
          default:
            notification satisfies never;
        }
      }),
    [],
  );
}

function changeRun(run: RunPublic): void {
  queryClient.setQueryData(runQuery(run.id).queryKey, run);
  for (const [queryKey, lists] of queryClient.getQueriesData<Lists>({ queryKey: RUN_LISTS })) {
    const known = lists?.pages.flatMap((page) => page.items).find(({ id }) => id === run.id);
    if (lists === undefined) continue;
    // A change of status may put the run into or out of a filtered list: only the server knows.
    if (known?.status !== run.status) void queryClient.invalidateQueries({ queryKey });
    if (known !== undefined) queryClient.setQueryData<Lists>(queryKey, replaceRun(lists, run));
  }
}

/** The same pages with this run as it is now. */
export function replaceRun(lists: Lists, run: RunPublic): Lists {
  const pages = lists.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => (item.id === run.id ? run : item)),
  }));
  return { ...lists, pages };
}
