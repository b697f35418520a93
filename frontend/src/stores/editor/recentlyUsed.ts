/** The layers and operations that were added last, remembered in this browser by the keys of their entries. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { entryKey, type Named } from "@/graph/entryKey";

const MAX_RECENT = 6;

interface RecentlyUsed {
  readonly keys: readonly string[];
}

export const useRecentlyUsed = create<RecentlyUsed>()(
  persist((): RecentlyUsed => ({ keys: [] }), { name: "layerloom.recently-used" }),
);

export function noteUse(entry: Named): void {
  const used = entryKey(entry);
  useRecentlyUsed.setState(({ keys }) => ({
    keys: [used, ...keys.filter((key) => key !== used)].slice(0, MAX_RECENT),
  }));
}
