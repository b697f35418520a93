/** Draws a large graph, seen from afar, as one picture: boxes in their colours, lines, and names where they can be read. */
import type { Graph } from "@/api/types";
import { heatOfNode, mixHeat } from "@/canvas/heat";
import { NODE_SIZE } from "@/graph/arrange";
import { type Document, findLayerOf, indexGraph, nameOf, positionOf } from "@/graph/document";
import type { Named } from "@/graph/entryKey";
import { frameOf } from "@/graph/groups";
import type { Heat } from "@/stores/editor/editorStore";

/** Below this zoom a name is smaller than four pixels. */
const NAMED_ZOOM = 0.13;
const ACCENT_WIDTH = 10;

export interface FarColors {
  readonly box: string;
  readonly border: string;
  readonly line: string;
  readonly text: string;
  readonly chosen: string;
  readonly faulty: string;
  readonly heatPale: string;
  readonly heatStrong: string;
  readonly font: string;
  readonly accentOf: (layer: Named | undefined) => string;
}

export interface FarPicture {
  readonly document: Document;
  readonly selected: ReadonlySet<string>;
  readonly faulty: ReadonlySet<string>;
  readonly heat: Heat | null;
  readonly colors: FarColors;
}

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly accent: string;
  readonly fill: string;
  readonly border: string;
}

export interface FarScene {
  readonly boxes: readonly Box[];
  readonly lines: Path2D;
  readonly frames: Path2D;
  readonly colors: FarColors;
  readonly isWarm: boolean;
}

/** What does not depend on the view, made once for each change of the drawing. */
export function makeScene({ document, selected, faulty, heat, colors }: FarPicture): FarScene {
  const { graph, layout } = document;
  const boxes = graph.nodes.map(({ id }): Box => {
    const layer = findLayerOf(graph, id);
    const warm = heatOfNode(heat, id);
    return {
      id,
      ...positionOf(layout, id),
      name: layer ? nameOf(layer) : id,
      accent: colors.accentOf(layer),
      fill: warm ? mixHeat(warm.strength, colors.heatPale, colors.heatStrong) : colors.box,
      border: selected.has(id) ? colors.chosen : faulty.has(id) ? colors.faulty : colors.border,
    };
  });
  return {
    boxes,
    lines: traceLines(graph, document),
    frames: traceFrames(document),
    colors,
    isWarm: heat !== null,
  };
}

function traceLines(graph: Graph, { layout }: Document): Path2D {
  const path = new Path2D();
  const { nodes } = indexGraph(graph);
  for (const { source, target } of graph.edges) {
    if (!nodes.has(source) || !nodes.has(target)) continue;
    const [from, to] = [positionOf(layout, source), positionOf(layout, target)];
    const [x1, y1] = [from.x + NODE_SIZE.width / 2, from.y + NODE_SIZE.height];
    const [x2, y2] = [to.x + NODE_SIZE.width / 2, to.y];
    path.moveTo(x1, y1);
    if (Math.abs(x1 - x2) < 1) path.lineTo(x2, y2);
    else path.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2);
  }
  return path;
}

function traceFrames({ graph, layout }: Document): Path2D {
  const path = new Path2D();
  for (const { nodes } of graph.groups) {
    const frame = frameOf(
      nodes.map((id) => positionOf(layout, id)),
      NODE_SIZE,
    );
    if (frame) path.rect(frame.x, frame.y, frame.width, frame.height);
  }
  return path;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** Draws the part of the scene that is in view. */
export function drawScene(context: CanvasRenderingContext2D, scene: FarScene, view: View): void {
  const { colors } = scene;
  const ratio = window.devicePixelRatio || 1;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(ratio * view.zoom, 0, 0, ratio * view.zoom, ratio * view.x, ratio * view.y);
  context.lineWidth = Math.max(2, 1 / view.zoom);
  context.strokeStyle = colors.line;
  context.stroke(scene.lines);
  context.stroke(scene.frames);
  const [left, top] = [-view.x / view.zoom, -view.y / view.zoom];
  const [right, bottom] = [left + view.width / view.zoom, top + view.height / view.zoom];
  const visible = scene.boxes.filter(
    ({ x, y }) => x < right && y < bottom && x + NODE_SIZE.width > left && y + NODE_SIZE.height > top,
  );
  const isTiny = view.zoom < NAMED_ZOOM;
  for (const box of visible) drawBox(context, box, colors, isTiny && !scene.isWarm);
  if (!isTiny) drawNames(context, visible, colors);
}

function drawBox(
  context: CanvasRenderingContext2D,
  { x, y, fill, border, accent }: Box,
  colors: FarColors,
  isTiny: boolean,
): void {
  const { width, height } = NODE_SIZE;
  const isMarked = border !== colors.border;
  const rim = isMarked ? 2 * context.lineWidth : context.lineWidth;
  context.fillStyle = border;
  context.fillRect(x - rim / 2, y - rim / 2, width + rim, height + rim);
  // So small that only colours can be told apart.
  context.fillStyle = isTiny ? accent : fill;
  context.fillRect(x, y, width, height);
  context.fillStyle = accent;
  context.fillRect(x, y, ACCENT_WIDTH, height);
}

function drawNames(context: CanvasRenderingContext2D, boxes: readonly Box[], colors: FarColors): void {
  context.font = `600 30px ${colors.font}`;
  context.textBaseline = "middle";
  context.fillStyle = colors.text;
  const room = NODE_SIZE.width - ACCENT_WIDTH - 20;
  for (const { x, y, name } of boxes) {
    context.fillText(shorten(context, name, room), x + ACCENT_WIDTH + 10, y + NODE_SIZE.height / 2);
  }
}

const shortened = new Map<string, string>();
const MOST_REMEMBERED = 20_000;

function shorten(context: CanvasRenderingContext2D, name: string, room: number): string {
  const known = shortened.get(name);
  if (known !== undefined) return known;
  let text = name;
  while (text.length > 1 && context.measureText(text === name ? text : `${text}…`).width > room) {
    text = text.slice(0, -1);
  }
  const fitting = text === name ? name : `${text}…`;
  if (shortened.size > MOST_REMEMBERED) shortened.clear();
  shortened.set(name, fitting);
  return fitting;
}

/** The node at a place of the drawing; undefined where there is none. */
export function nodeAt(document: Document, place: { x: number; y: number }): string | undefined {
  return document.graph.nodes.findLast(({ id }) => {
    const { x, y } = positionOf(document.layout, id);
    return place.x >= x && place.x <= x + NODE_SIZE.width && place.y >= y && place.y <= y + NODE_SIZE.height;
  })?.id;
}
