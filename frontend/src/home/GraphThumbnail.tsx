/** A small still picture of a graph, as it is laid out on the canvas. */
import type { Graph, Layout, Position } from "@/api/types";
import classes from "@/home/Home.module.css";

/** Roughly what a node takes on the canvas, in its pixels. */
const NODE = { width: 190, height: 56 };
const MARGIN = 24;
const NOWHERE: Position = { x: 0, y: 0 };

export function GraphThumbnail({ graph, layout }: { graph: Graph; layout: Layout }) {
  const place = (id: string): Position => layout.positions[id] ?? NOWHERE;
  const classNames = new Map(graph.layers.map((layer) => [layer.id, layer.class_name]));
  return (
    <svg
      className={classes.thumbnail}
      viewBox={measureView(graph.nodes.map(({ id }) => place(id)))}
      aria-hidden
    >
      {graph.edges.map(({ id, source, target }) => (
        <path key={id} d={drawEdge(place(source), place(target))} className={classes.thumbnailEdge} />
      ))}
      {graph.nodes.map(({ id, layer }) => {
        const { x, y } = place(id);
        const centre = { x: x + NODE.width / 2, y: y + NODE.height / 2 };
        return (
          <g key={id}>
            <rect x={x} y={y} {...NODE} rx={12} className={classes.thumbnailNode} />
            <text {...centre} className={classes.thumbnailText}>
              {classNames.get(layer)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function measureView(places: readonly Position[]): string {
  const left = Math.min(...places.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...places.map(({ y }) => y)) - MARGIN;
  const right = Math.max(...places.map(({ x }) => x)) + NODE.width + MARGIN;
  const bottom = Math.max(...places.map(({ y }) => y)) + NODE.height + MARGIN;
  return places.length === 0 ? "0 0 1 1" : `${left} ${top} ${right - left} ${bottom - top}`;
}

/** Along the direction in which the nodes are further apart, as the canvas draws it. */
function drawEdge(from: Position, to: Position): string {
  const across = Math.abs(to.x - from.x) > Math.abs(to.y - from.y);
  const start = across
    ? { x: from.x + NODE.width, y: from.y + NODE.height / 2 }
    : { x: from.x + NODE.width / 2, y: from.y + NODE.height };
  const end = across ? { x: to.x, y: to.y + NODE.height / 2 } : { x: to.x + NODE.width / 2, y: to.y };
  return `M${start.x} ${start.y}L${end.x} ${end.y}`;
}
