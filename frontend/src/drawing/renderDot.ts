/** Lays a drawing in Graphviz's language out as SVG, in the browser. */
import type { Graphviz } from "@hpcc-js/wasm-graphviz";

let loading: Promise<Graphviz> | null = null;

/** Graphviz is loaded when the first drawing is asked for, from this server. */
async function loadGraphviz(): Promise<Graphviz> {
  loading ??= import("@hpcc-js/wasm-graphviz").then((module) => module.Graphviz.load());
  try {
    return await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}

/** The SVG of a `dot` text, without anything in it that could act: names in a model are anybody's text. */
export async function renderDot(dot: string): Promise<string> {
  const [graphviz, { default: purify }] = await Promise.all([loadGraphviz(), import("dompurify")]);
  const svg = graphviz.dot(dot, "svg");
  return purify.sanitize(svg, { USE_PROFILES: { svg: true }, FORBID_TAGS: ["a", "image", "style"] });
}
