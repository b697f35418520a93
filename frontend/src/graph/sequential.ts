/** Graphs that are one chain of layers: what Keras calls a Sequential. */
import type { Entry, Graph, Position } from "@/api/types";
import { findFreePosition, NODE_SIZE } from "@/graph/arrange";
import { connect, withoutEdges } from "@/graph/connections";
import { type Document, indexGraph } from "@/graph/document";
import { isInput } from "@/graph/ends";
import { type Added, addLayer } from "@/graph/layers";
import { removePieces } from "@/graph/pieces";
import { slotsOf } from "@/graph/slots";

const STEP_DOWN = NODE_SIZE.height + 56;

/** The nodes of a chain from first to last, or a sentence that says where the graph is none. */
export type Chain = { nodes: readonly string[] } | { refusal: string };

export function chainOf(graph: Graph): Chain {
  if (graph.nodes.length === 0) return { nodes: [] };
  const fault = graph.nodes.map(({ id }) => explainNode(graph, id)).find((reason) => reason !== null);
  if (fault) return { refusal: fault };
  const { incoming, outgoing } = indexGraph(graph);
  const [first, second] = graph.nodes.filter(({ id }) => !incoming.has(id));
  if (!first) return { refusal: "Its nodes go round in a circle." };
  if (second) return { refusal: `Both ${first.id} and ${second.id} begin a chain.` };
  const nodes = [first.id];
  for (const nodeId of nodes) {
    const next = outgoing.get(nodeId)?.[0]?.target;
    if (next !== undefined && nodes.length <= graph.nodes.length) nodes.push(next);
  }
  if (nodes.length !== graph.nodes.length) return { refusal: "Its nodes go round in a circle." };
  const ends = graph.outputs;
  const isLast = !ends || (ends.length === 1 && ends[0]?.node === nodes.at(-1));
  return isLast ? { nodes } : { refusal: "Its output is not its last layer." };
}

function explainNode(graph: Graph, nodeId: string): string | null {
  const { incoming, outgoing, nodes, calls } = indexGraph(graph);
  const node = nodes.get(nodeId);
  const [arriving, leaving] = [incoming.get(nodeId) ?? [], outgoing.get(nodeId) ?? []];
  if (arriving.length > 1) return `${arriving.length} edges go into ${nodeId}.`;
  if (leaving.length > 1) return `${leaving.length} edges leave ${nodeId}.`;
  const called = node ? (calls.get(node.layer)?.length ?? 0) : 0;
  if (called > 1) return `The layer of ${nodeId} is called ${called} times.`;
  if (node && Object.keys(node.arguments).length > 0) return `The call ${nodeId} has arguments.`;
  const [edge] = arriving;
  const isPlain = !edge || (String(edge.argument) === "0" && edge.path.length === 0 && edge.output === 0);
  if (!isPlain) return `What goes into ${nodeId} is not one whole output in its first argument.`;
  return arriving.length > 0 && isInput(graph, nodeId) ? `${nodeId} is an input in the middle.` : null;
}

/** Makes the graph a Sequential or a Functional. A Sequential derives its ends, which can only be those of the chain. */
export function setGraphClass(document: Document, className: Graph["class_name"]): Document {
  const { graph } = document;
  if (graph.class_name === className) return document;
  if (className === "Functional") return { ...document, graph: { ...graph, class_name: className } };
  const chain = chainOf(graph);
  if ("refusal" in chain) return document;
  return { ...document, graph: { ...graph, class_name: className, inputs: null, outputs: null } };
}

/** The node that a new layer would follow; undefined where the graph is empty or no chain. */
export function lastOf(graph: Graph): string | undefined {
  const chain = chainOf(graph);
  return "nodes" in chain ? chain.nodes.at(-1) : undefined;
}

/** Takes the last layer of the chain away. */
export function popLast(document: Document): Document {
  const last = lastOf(document.graph);
  return last === undefined ? document : removePieces(document, new Set([last]));
}

/** Puts a new layer into an edge: its tensor goes into the new layer, and what comes out goes where it went. */
export function insertOnEdge(
  document: Document,
  entry: Entry,
  edgeId: string,
  wanted: Position,
): Added | null {
  const edge = indexGraph(document.graph).edges.get(edgeId);
  if (!edge || slotsOf(undefined, entry).length === 0) return null;
  const added = addLayer(document, entry, findFreePosition(document, wanted));
  const { graph } = added.document;
  const redirected = graph.edges.map((other) =>
    other.id === edgeId ? { ...other, source: added.nodeId, output: 0 } : other,
  );
  const linked = connect(
    { ...added.document, graph: { ...graph, edges: redirected } },
    { node: edge.source, output: edge.output },
    { node: added.nodeId },
    entry,
  );
  return { nodeId: added.nodeId, document: makeRoom(linked, added.nodeId, edge.target) };
}

/** Moves what stands below down, where the new node and the one that follows it would overlap. */
function makeRoom(document: Document, nodeId: string, followerId: string): Document {
  const { positions } = document.layout;
  const [place, follower] = [positions[nodeId], positions[followerId]];
  if (!place || !follower) return document;
  const missing = place.y + STEP_DOWN - follower.y;
  if (missing <= 0 || Math.abs(place.x - follower.x) > NODE_SIZE.width) return document;
  const moved = Object.entries(positions).map(([id, { x, y }]) => [
    id,
    id !== nodeId && y >= follower.y ? { x, y: y + missing } : { x, y },
  ]);
  return { ...document, layout: { ...document.layout, positions: Object.fromEntries(moved) } };
}

/** Takes a node out of its chain: what came in goes on to where its output went. */
export function bridge(document: Document, nodeId: string): Document {
  const { incoming, outgoing } = indexGraph(document.graph);
  const [into, ...more] = incoming.get(nodeId) ?? [];
  const leaving = outgoing.get(nodeId) ?? [];
  if (!into || more.length > 0 || leaving.some(({ output }) => output !== 0)) return document;
  const ids = new Set(leaving.map(({ id }) => id));
  const edges = document.graph.edges.map((edge) =>
    ids.has(edge.id) ? { ...edge, source: into.source, output: into.output } : edge,
  );
  const graph = { ...document.graph, edges };
  return { ...document, graph: { ...graph, edges: withoutEdges(graph, new Set([into.id])) } };
}
