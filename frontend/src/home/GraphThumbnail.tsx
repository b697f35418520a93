/** A small still picture of a graph, as it is laid out on the canvas. */
import type { Graph, Layout, Position } from "@/api/types";
import classes from "@/home/Home.module.css";

const NOWHERE: Position = { x: 0, y: 0 };
/** What a box takes of the distance between two nodes, and how wide it is for its height. */
const FILL = 0.74;
const RATIO = 3.6;
/** Where nodes stand alone, in canvas pixels. */
const USUAL_DISTANCE = 110;

interface Box {
  readonly width: number;
  readonly height: number;
}

export function GraphThumbnail({ graph, layout }: { graph: Graph; layout: Layout }) {
  const place = (id: string): Position => layout.positions[id] ?? NOWHERE;
  const places = graph.nodes.map(({ id }) => place(id));
  const box = measureBox(places);
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
          <text fontSize={box.height * 0.46} className={classes.thumbnailText}>
            {classNames.get(layer)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** As large as the closest two nodes above one another let it be, so that names can be read. */
function measureBox(places: readonly Position[]): Box {
  const heights = [...new Set(places.map(({ y }) => y))].sort((a, b) => a - b);
  const distances = heights.slice(1).map((y, i) => y - (heights[i] ?? y));
  const height = FILL * (distances.length === 0 ? USUAL_DISTANCE : Math.min(...distances));
  return { width: height * RATIO, height };
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
