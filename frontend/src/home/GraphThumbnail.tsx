/** A small still picture of a graph, as it is laid out on the canvas. */
import type { Graph, Layout, Position } from "@/api/types";
import classes from "@/home/Home.module.css";

const NOWHERE: Position = { x: 0, y: 0 };
/** What a box takes of the distance between two nodes, and how wide it is for its height where there is room. */
const FILL = 0.74;
const RATIO = 3.6;
/** Nodes nearer to one another in height than this stand in one row, in canvas pixels. */
const SAME_ROW = 24;
/** With more rows than this, names would be too small to read. */
const MOST_NAMED_ROWS = 12;
/** How wide a letter is for its height. */
const LETTER = 0.62;
/** Where nodes stand alone, in canvas pixels. */
const USUAL_DISTANCE = 110;

interface Box {
  readonly width: number;
  readonly height: number;
}

export function GraphThumbnail({ graph, layout }: { graph: Graph; layout: Layout }) {
  const place = (id: string): Position => layout.positions[id] ?? NOWHERE;
  const places = graph.nodes.map(({ id }) => place(id));
  const rows = listRows(places);
  const box = measureBox(rows);
  const classNames = new Map(graph.layers.map((layer) => [layer.id, layer.class_name]));
  return (
    <svg className={classes.thumbnail} viewBox={measureView(places, box)} aria-hidden>
      {graph.edges.map(({ id, source, target }) => (
        <path key={id} d={drawEdge(place(source), place(target))} className={classes.thumbnailEdge} />
      ))}
      {graph.nodes.map(({ id, layer }) => (
        <g key={id} transform={`translate(${place(id).x} ${place(id).y})`}>
          <rect
            {...box}
            x={-box.width / 2}
            y={-box.height / 2}
            rx={box.height / 5}
            className={classes.thumbnailNode}
          />
          {rows.length <= MOST_NAMED_ROWS && (
            <text fontSize={fitText(classNames.get(layer) ?? "", box)} className={classes.thumbnailText}>
              {classNames.get(layer)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** The places from top to bottom, those of about one height together, each row from left to right. */
function listRows(places: readonly Position[]): readonly (readonly Position[])[] {
  const rows: Position[][] = [];
  for (const place of places.toSorted((a, b) => a.y - b.y)) {
    const row = rows.at(-1);
    if (row?.[0] && place.y - row[0].y < SAME_ROW) row.push(place);
    else rows.push([place]);
  }
  return rows.map((row) => row.toSorted((a, b) => a.x - b.x));
}

/** As large as the closest two nodes above and beside one another let it be, so that names can be read. */
function measureBox(rows: readonly (readonly Position[])[]): Box {
  const above = gaps(rows.map(([first]) => first?.y ?? 0));
  const beside = rows.flatMap((row) => gaps(row.map(({ x }) => x)));
  const height = FILL * Math.min(...(above.length === 0 ? [USUAL_DISTANCE] : above));
  return { width: Math.min(height * RATIO, ...beside.map((gap) => gap * 0.9)), height };
}

function gaps(sorted: readonly number[]): number[] {
  return sorted.slice(1).map((value, index) => value - (sorted[index] ?? value));
}

function fitText(text: string, { width, height }: Box): number {
  return Math.min(height * 0.46, (0.92 * width) / (LETTER * Math.max(1, text.length)));
}

function measureView(places: readonly Position[], { width, height }: Box): string {
  if (places.length === 0) return "0 0 1 1";
  const left = Math.min(...places.map(({ x }) => x)) - width;
  const top = Math.min(...places.map(({ y }) => y)) - height;
  const right = Math.max(...places.map(({ x }) => x)) + width;
  const bottom = Math.max(...places.map(({ y }) => y)) + height;
  return `${left} ${top} ${right - left} ${bottom - top}`;
}

function drawEdge(from: Position, to: Position): string {
  return `M${from.x} ${from.y}L${to.x} ${to.y}`;
}
