/** A large graph from afar: one picture instead of thousands of elements, so that it opens and moves fast. */
import { useComputedColorScheme } from "@mantine/core";
import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { useCatalogue } from "@/api/catalogue";
import classes from "@/canvas/Canvas.module.css";
import { drawScene, type FarColors, makeScene } from "@/canvas/farDrawing";
import { entryKey, type Named } from "@/graph/entryKey";
import { useEditor } from "@/stores/editor/editorStore";
import { findEntry } from "@/stores/editor/entries";
import { colorOfCategory } from "@/ui/categoryColor";

export function FarLayer() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const document = useEditor((state) => state.open.document);
  const selected = useEditor((state) => state.selectedNodes);
  const issues = useEditor((state) => state.open.issues);
  const heat = useEditor((state) => state.heat);
  const colors = useFarColors();
  const scene = useMemo(
    () => makeScene({ document, selected, faulty: new Set(issues.byNode.keys()), heat, colors }),
    [document, selected, issues, heat, colors],
  );
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { width, height, transform } = flow.getState();
      const [x, y, zoom] = transform;
      fitCanvas(element, width, height);
      drawScene(context, scene, { x, y, zoom, width, height });
    };
    const request = () => {
      frame ||= requestAnimationFrame(draw);
    };
    draw();
    const stop = flow.subscribe((state, before) => {
      const isMoved = state.transform !== before.transform;
      if (isMoved || state.width !== before.width || state.height !== before.height) request();
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [scene, flow]);
  return (
    <canvas
      ref={canvas}
      className={classes.far}
      role="img"
      aria-label={`${document.graph.nodes.length} nodes, seen from afar: zoom in to edit them`}
    />
  );
}

function fitCanvas(element: HTMLCanvasElement, width: number, height: number): void {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (element.width !== wide) element.width = wide;
  if (element.height !== high) element.height = high;
}

/** The page's own colours, as a picture needs them: without references to variables. */
function useFarColors(): FarColors {
  const scheme = useComputedColorScheme("light");
  const { data: catalogue } = useCatalogue();
  return useMemo(() => {
    const style = getComputedStyle(window.document.documentElement);
    const read = (name: string) => style.getPropertyValue(`--mantine-color-${name}`).trim();
    const isDark = scheme === "dark";
    const accents = new Map<string, string>();
    const accentOf = (layer: Named | undefined) => {
      const key = layer ? entryKey(layer) : "";
      const known = accents.get(key);
      if (known) return known;
      const value = colorOfCategory(catalogue?.categories ?? [], findEntry(layer)?.category);
      const color = style.getPropertyValue(value.slice("var(".length, -1)).trim();
      accents.set(key, color);
      return color;
    };
    return {
      box: read(isDark ? "dark-6" : "white"),
      border: read(isDark ? "dark-4" : "gray-4"),
      line: read(isDark ? "dark-3" : "gray-5"),
      text: read("text"),
      chosen: read("loom-5"),
      faulty: read("red-6"),
      heatPale: read(isDark ? "dark-6" : "white"),
      heatStrong: read(isDark ? "orange-9" : "orange-4"),
      font: style.fontFamily || "sans-serif",
      accentOf,
    };
  }, [scheme, catalogue]);
}
