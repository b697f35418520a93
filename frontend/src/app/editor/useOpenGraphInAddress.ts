/** Keeps the open graph in the page's address (`?inside=encoder/block`): it survives a reload, and Back closes it. */
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { pathFromText, pathToText } from "@/graph/nesting";
import { openGraph, useEditor } from "@/stores/editor/editorStore";

const INSIDE = "inside";

export function useOpenGraphInAddress(): void {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get(INSIDE);
  useEffect(() => openGraph(pathFromText(text)), [text]);
  useEffect(
    () =>
      useEditor.subscribe((state, before) => {
        if (state.modelId === null || state.open.path === before.open.path) return;
        const now = pathToText(state.open.path);
        if (now === (new URLSearchParams(window.location.search).get(INSIDE) ?? "")) return;
        setParameters((current) => {
          const next = new URLSearchParams(current);
          if (now === "") next.delete(INSIDE);
          else next.set(INSIDE, now);
          return next;
        });
      }),
    [setParameters],
  );
}
