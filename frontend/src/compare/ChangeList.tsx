/** What differs, line by line, with values from what to what; a line leads to its node. */
import { Anchor, Badge, Text } from "@mantine/core";
import classes from "@/compare/Compare.module.css";
import type { Detail, Line, Section } from "@/compare/describeChanges";
import { KIND_COLORS } from "@/compare/kindColors";
import { indexGraph } from "@/graph/document";
import { formatCount } from "@/graph/shapes";
import { focusNode, useEditor } from "@/stores/editor/editorStore";

interface ChangeListProps {
  sections: readonly Section[];
  /** Called when a line leads to its node on the canvas; null where the canvas shows another graph. */
  onShow: (() => void) | null;
}

export function ChangeList({ sections, onShow }: ChangeListProps) {
  return (
    <div className={classes.changes}>
      {sections.map((section) => (
        <SectionLines key={section.title} section={section} onShow={onShow} />
      ))}
    </div>
  );
}

function SectionLines({ section, onShow }: { section: Section; onShow: ChangeListProps["onShow"] }) {
  return (
    <section aria-label={section.title}>
      <Text size="xs" fw={600} c="dimmed" mt="xs">
        {section.title}
      </Text>
      {section.lines.map((line) => (
        <ChangeLine key={line.key} line={line} onShow={onShow} />
      ))}
    </section>
  );
}

function ChangeLine({ line, onShow }: { line: Line; onShow: ChangeListProps["onShow"] }) {
  const call = useEditor(({ history }) => indexGraph(history.present.graph).calls.get(line.layer ?? "")?.[0]);
  const node = line.node ?? call?.id ?? null;
  return (
    <div className={classes.line}>
      <Badge className={classes.kind} color={KIND_COLORS[line.kind]} variant="light" size="sm" tt="none">
        {line.kind}
      </Badge>
      <div className={classes.what}>
        {onShow && node !== null ? (
          <Anchor
            component="button"
            fz={13}
            fw={600}
            onClick={() => {
              onShow();
              focusNode(node, []);
            }}
          >
            {line.name}
          </Anchor>
        ) : (
          <Text span fz={13} fw={600}>
            {line.name}
          </Text>
        )}{" "}
        <Text span size="xs" c="dimmed">
          {line.type}
        </Text>
        {line.details.map((detail) => (
          <Values key={detail.what} detail={detail} />
        ))}
        {line.inside.map((section) => (
          <div key={section.title} className={classes.inside}>
            <SectionLines section={section} onShow={null} />
          </div>
        ))}
      </div>
      <Parameters counts={line.parameters} />
    </div>
  );
}

function Values({ detail: { what, before, after } }: { detail: Detail }) {
  return (
    <div className={classes.values}>
      <span>{what}</span>
      <span className={before === null ? undefined : classes.before}>{before ?? "not set"}</span>
      <span role="img" aria-label="to">
        →
      </span>
      <span className={after === null ? undefined : classes.after}>{after ?? "not set"}</span>
    </div>
  );
}

function Parameters({ counts: [before, after] }: { counts: Line["parameters"] }) {
  if (!before && !after) return null;
  const text =
    before === after
      ? formatCount(after ?? 0)
      : [before, after].map((count) => (count === null ? "–" : formatCount(count))).join(" → ");
  return (
    <Text size="xs" c="dimmed" style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
      {text} parameters
    </Text>
  );
}
