/** A comparison in numbers: how much differs, and the size of both sides. */
import { Badge, Group, Text } from "@mantine/core";
import type { DiffResult } from "@/api/types";
import { countLines, type Section } from "@/compare/describeChanges";
import { KIND_COLORS } from "@/compare/kindColors";
import { formatBytes, formatCount } from "@/graph/shapes";

export function CompareSummary({ result, sections }: { result: DiffResult; sections: readonly Section[] }) {
  const { before, after } = result;
  const counts = countLines(sections);
  return (
    <Group gap="lg">
      <Group gap={6}>
        {(["added", "removed", "changed"] as const).map(
          (kind) =>
            counts[kind] > 0 && (
              <Badge key={kind} color={KIND_COLORS[kind]} variant="light" tt="none">
                {counts[kind]} {kind}
              </Badge>
            ),
        )}
      </Group>
      <FromTo
        what="Parameters"
        before={formatCount(before.parameters)}
        after={formatCount(after.parameters)}
      />
      <FromTo
        what="Size"
        before={formatBytes(before.parameter_bytes)}
        after={formatBytes(after.parameter_bytes)}
      />
      <FromTo what="Nodes" before={formatCount(before.nodes)} after={formatCount(after.nodes)} />
      {(!before.ok || !after.ok) && (
        <Text size="xs" c="dimmed">
          {before.ok ? "The later side" : after.ok ? "The earlier side" : "Each side"} has issues: only what
          could be built is counted.
        </Text>
      )}
    </Group>
  );
}

function FromTo({ what, before, after }: { what: string; before: string; after: string }) {
  return (
    <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
      <Text span size="xs" c="dimmed" mr={6}>
        {what}
      </Text>
      {before === after ? after : `${before} → ${after}`}
    </Text>
  );
}
