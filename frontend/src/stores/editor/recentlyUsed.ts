/** The layer classes that were added last, remembered in this browser. */
import { create } from "zustand";
import { persist } from "zustand/middleware";

const MAX_RECENT = 6;

interface RecentlyUsed {
  readonly classNames: readonly string[];
}

export const useRecentlyUsed = create<RecentlyUsed>()(
  persist((): RecentlyUsed => ({ classNames: [] }), { name: "layerloom.recent-layers" }),
);

export function noteUse(className: string): void {
  useRecentlyUsed.setState(({ classNames }) => ({
    classNames: [className, ...classNames.filter((name) => name !== className)].slice(0, MAX_RECENT),
  }));
}
