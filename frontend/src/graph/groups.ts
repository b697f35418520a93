/** Groups, which frame nodes for the reader, and notes: neither means anything to the model. */
import type { Graph, Position } from "@/api/types";
import type { Size } from "@/graph/arrange";
import type { Document } from "@/graph/document";
import { pickFreeName, takenNames } from "@/graph/identifiers";

export const LONGEST_TITLE = 200;
export const LONGEST_NOTE = 10_000;

const PADDING = 24;
const TITLE_HEIGHT = 32;

export interface Made {
  document: Document;
  id: string;
}

/** Frames nodes. A node is in one group at most, so it leaves the one that it was in. */
export function groupNodes(document: Document, nodeIds: ReadonlySet<string>, title = "Group"): Made | null {
  const { graph } = document;
  const nodes = graph.nodes.map(({ id }) => id).filter((id) => nodeIds.has(id));
  if (nodes.length === 0) return null;
  const id = pickFreeName("group", takenNames(graph));
  const others = withoutMembers(graph.groups, nodeIds);
  return { id, document: { ...document, graph: { ...graph, groups: [...others, { id, title, nodes }] } } };
}

/** Puts more nodes into a group. */
export function addToGroup(document: Document, groupId: string, nodeIds: ReadonlySet<string>): Document {
  const { graph } = document;
  const own = graph.groups.find(({ id }) => id === groupId);
  const added = [...nodeIds].filter((id) => !own?.nodes.includes(id));
  if (!own || added.length === 0) return document;
  const groups = graph.groups.flatMap((group) =>
    group.id === groupId
      ? [{ ...group, nodes: [...group.nodes, ...added] }]
      : withoutMembers([group], nodeIds),
  );
  return { ...document, graph: { ...graph, groups } };
}

/** The groups without some nodes; a group that loses its last node goes. */
export function withoutMembers(groups: Graph["groups"], nodeIds: ReadonlySet<string>): Graph["groups"] {
  return groups
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => !nodeIds.has(id)) }))
    .filter(({ nodes }, index) => nodes.length > 0 || groups[index]?.nodes.length === 0);
}

/** Takes frames away; their nodes stay. */
export function ungroup(document: Document, groupIds: ReadonlySet<string>): Document {
  const { graph } = document;
  const groups = graph.groups.filter(({ id }) => !groupIds.has(id));
  return groups.length === graph.groups.length ? document : { ...document, graph: { ...graph, groups } };
}

export function renameGroup(document: Document, groupId: string, title: string): Document {
  const { graph } = document;
  const wanted = title.slice(0, LONGEST_TITLE);
  if (graph.groups.every((group) => group.id !== groupId || group.title === wanted)) return document;
  const groups = graph.groups.map((group) => (group.id === groupId ? { ...group, title: wanted } : group));
  return { ...document, graph: { ...graph, groups } };
}

/** The rectangle of a group's frame: around its nodes, with room for the title. */
export function frameOf(places: readonly Position[], size: Size): (Position & Size) | null {
  if (places.length === 0) return null;
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    x: x - PADDING,
    y: y - PADDING - TITLE_HEIGHT,
    width: Math.max(...xs) - x + size.width + 2 * PADDING,
    height: Math.max(...ys) - y + size.height + 2 * PADDING + TITLE_HEIGHT,
  };
}

export function addNote(document: Document, place: Position, text = ""): Made {
  const { graph, layout } = document;
  const id = pickFreeName("note", takenNames(graph));
  return {
    id,
    document: {
      graph: { ...graph, notes: [...graph.notes, { id, text }] },
      layout: { ...layout, positions: { ...layout.positions, [id]: place } },
    },
  };
}

export function writeOnNote(document: Document, noteId: string, text: string): Document {
  const { graph } = document;
  const wanted = text.slice(0, LONGEST_NOTE);
  if (graph.notes.every((note) => note.id !== noteId || note.text === wanted)) return document;
  const notes = graph.notes.map((note) => (note.id === noteId ? { ...note, text: wanted } : note));
  return { ...document, graph: { ...graph, notes } };
}
