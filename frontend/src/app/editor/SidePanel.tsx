/** The right side: what is chosen, or the training. */
import { ScrollArea, Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import classes from "@/app/editor/Editor.module.css";
import { Inspector } from "@/inspector/Inspector";
import { LayerPreview } from "@/preview/LayerPreview";
import { PageLoader } from "@/ui/PageLoader";

const TrainPanel = lazy(async () => ({ default: (await import("@/train/TrainPanel")).TrainPanel }));

export type SideTab = "layer" | "train";

interface SidePanelProps {
  modelId: string;
  tab: SideTab;
  onTab: (tab: SideTab) => void;
}

export function SidePanel({ modelId, tab, onTab }: SidePanelProps) {
  return (
    <aside className={classes.right} aria-label="Inspector">
      <Tabs
        className={classes.tabs}
        value={tab}
        onChange={(value) => onTab(value === "train" ? "train" : "layer")}
        keepMounted={false}
      >
        <Tabs.List grow>
          <Tabs.Tab value="layer">Layer</Tabs.Tab>
          <Tabs.Tab value="train">Train</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="layer" className={classes.panel}>
          <ScrollArea h="100%" type="hover" scrollbarSize={8}>
            <Inspector renderExample={(nodeId) => <LayerPreview nodeId={nodeId} />} />
          </ScrollArea>
        </Tabs.Panel>
        <Tabs.Panel value="train" className={classes.panel}>
          <ScrollArea h="100%" type="hover" scrollbarSize={8}>
            <Suspense fallback={<PageLoader label="Loading the training panel" />}>
              <TrainPanel modelId={modelId} />
            </Suspense>
          </ScrollArea>
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
