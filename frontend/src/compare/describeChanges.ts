/** Differences as lines that a person reads: what, where, from what to what. */
import type { EdgeChange, GraphDiff, LayerChange, ValueChange } from "@/api/types";
import { toShortPython } from "@/graph/pythonText";

export type Kind = ValueChange["kind"];

export interface Detail {
  readonly what: string;
  /** Null where there was nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Line {
  readonly key: string;
  readonly kind: Kind;
  readonly name: string;
  readonly type: string;
  readonly details: readonly Detail[];
  readonly parameters: readonly [number | null, number | null];
  /** What differs in the graph inside the layer. */
  readonly inside: readonly Section[];
  /** The node to show on the canvas, or the layer whose call that is, by the id in the later graph. */
  readonly node: string | null;
  readonly layer: string | null;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const WORDS: Readonly<Partial<Record<ValueChange["aspect"], string>>> = {
  class: "class",
  code: "Python code",
  graph: "graph inside",
  layer: "called layer",
  name: "name",
  text: "text",
  trainable: "trainable",
};

/** All differences, in sections without an empty one. */
export function describeDiff(diff: GraphDiff): Section[] {
  const sections: Section[] = [
    { title: "Model", lines: describeModel(diff) },
    { title: "Layers", lines: (diff.layers ?? []).map(describeLayer) },
    { title: "Calls", lines: describeCalls(diff) },
    { title: "Connections", lines: (diff.edges ?? []).map(describeEdge) },
    { title: "Groups and notes", lines: describeRemarks(diff) },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** How many lines of each kind there are, inside nested graphs too. */
export function countLines(sections: readonly Section[]): Readonly<Record<Kind, number>> {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const line of sections.flatMap(({ lines }) => lines)) {
    const isOnlyAround = line.details.length === 0 && line.inside.length > 0;
    if (!isOnlyAround) counts[line.kind] += 1;
    const inside = countLines(line.inside);
    for (const kind of ["added", "removed", "changed"] as const) counts[kind] += inside[kind];
  }
  return counts;
}

function makeLine(line: Pick<Line, "key" | "kind" | "name"> & Partial<Line>): Line {
  return { type: "", details: [], parameters: [null, null], inside: [], node: null, layer: null, ...line };
}

function describeModel(diff: GraphDiff): Line[] {
  const lines: Line[] = (diff.settings ?? []).map((change) =>
    makeLine({ key: change.aspect, kind: "changed", name: "model", details: [describeValue(change)] }),
  );
  for (const [name, ends] of [
    ["inputs", diff.inputs],
    ["outputs", diff.outputs],
  ] as const) {
    if (!ends) continue;
    const [before, after] = [ends.before, ends.after].map((side) => side.map(spellEnd).join(", ") || "none");
    lines.push(
      makeLine({
        key: name,
        kind: "changed",
        name,
        details: [{ what: "order", before: before ?? null, after: after ?? null }],
      }),
    );
  }
  return lines;
}

function describeLayer(layer: LayerChange): Line {
  return makeLine({
    key: `${layer.before} ${layer.after}`,
    kind: layer.kind,
    name: layer.name,
    type: layer.class_name,
    details: (layer.changes ?? []).map(describeValue),
    parameters: [layer.parameters_before ?? null, layer.parameters_after ?? null],
    inside: layer.nested ? describeDiff(layer.nested) : [],
    layer: layer.after ?? null,
  });
}

/** Calls of layers that are not new or gone themselves: otherwise the layer's line says it all. */
function describeCalls(diff: GraphDiff): Line[] {
  const told = new Set(
    (diff.layers ?? []).filter(({ kind }) => kind !== "changed").map(({ kind, name }) => `${kind} ${name}`),
  );
  return (diff.nodes ?? [])
    .filter(({ kind, name }) => !told.has(`${kind} ${name}`))
    .map((node) =>
      makeLine({
        key: `${node.before} ${node.after}`,
        kind: node.kind,
        name:
          node.name === (node.after ?? node.before)
            ? node.name
            : `${node.name} at ${node.after ?? node.before}`,
        type: node.class_name,
        details: (node.changes ?? []).map(describeValue),
        node: node.after ?? null,
      }),
    );
}

function describeEdge(edge: EdgeChange, index: number): Line {
  const place = [edge.argument === "0" ? "input" : `argument ${edge.argument}`, ...(edge.path ?? [])].join(
    " ",
  );
  return makeLine({
    key: `${index} ${edge.target}`,
    kind: edge.kind,
    name: edge.target_name,
    details: [
      {
        what: place,
        before: edge.before ? spellEnd(edge.before) : null,
        after: edge.after ? spellEnd(edge.after) : null,
      },
    ],
    node: edge.after ? edge.target : null,
  });
}

function describeRemarks(diff: GraphDiff): Line[] {
  return [
    ...(diff.groups ?? []).map((group) => ({ ...group, type: "group" })),
    ...(diff.notes ?? []).map((note) => ({ ...note, type: "note" })),
  ].map(({ type, id, kind, text, changes }) =>
    makeLine({ key: `${type} ${id}`, kind, name: text, type, details: (changes ?? []).map(describeValue) }),
  );
}

function spellEnd({ name, output }: { name: string; output: number }): string {
  return output > 0 ? `${name} output ${output}` : name;
}

/** A value with its path; large ones (code, graphs) only by name. */
export function describeValue(change: ValueChange): Detail {
  const path = (change.path ?? []).join(".");
  const what =
    change.aspect === "call_argument" ? `${path} of the call` : path || WORDS[change.aspect] || change.aspect;
  if (change.aspect === "code" || change.aspect === "graph") {
    return {
      what,
      before: change.before == null ? "none" : "earlier",
      after: change.after == null ? "none" : "later",
    };
  }
  const isValue = change.aspect === "argument" || change.aspect === "call_argument";
  const spell = isValue ? toShortPython : spellText;
  return {
    what,
    before: change.kind === "added" ? null : spell(change.before),
    after: change.kind === "removed" ? null : spell(change.after),
  };
}

/** Names and texts as they are, and not as Python would quote them. */
function spellText(value: unknown): string {
  return typeof value === "string" ? value : toShortPython(value);
}
