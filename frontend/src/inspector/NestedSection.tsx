/** The graph inside a layer: to open it, to put a wrapper around it, to dissolve it. */
import { Button, Group, Select, Text } from "@mantine/core";
import { IconArrowsMaximize, IconPackageExport } from "@tabler/icons-react";
import { useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import type { Layer } from "@/api/types";
import { isModelLayer } from "@/graph/nesting";
import { canBeWrapped, wrappedArgument } from "@/graph/wrapping";
import classes from "@/inspector/Inspector.module.css";
import { openNode } from "@/stores/editor/editorStore";
import { changeWrapper, dissolveNode } from "@/stores/editor/structure";

const NO_WRAPPER = "called as it is";

export function NestedSection({ nodeId, layer }: { nodeId: string; layer: Layer }) {
  const { data: catalogue } = useCatalogue();
  const wrappers = useMemo(
    () =>
      (catalogue?.layers ?? [])
        .filter((entry) => !entry.unavailable && wrappedArgument(entry) !== undefined)
        .map(({ class_name }) => class_name),
    [catalogue],
  );
  if (!layer.graph) return null;
  const count = layer.graph.layers.length;
  return (
    <section className={classes.section} aria-label="Inside">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600}>
          Inside
        </Text>
        <Text size="xs" c="dimmed">
          {layer.graph.class_name}, {count} {count === 1 ? "layer" : "layers"}
        </Text>
      </Group>
      <Select
        size="xs"
        mb="xs"
        label="wrapper"
        description={
          canBeWrapped(layer) ? undefined : "A wrapper hands on one tensor; this model has not one input."
        }
        classNames={{ label: classes.label }}
        data={[NO_WRAPPER, ...wrappers]}
        value={isModelLayer(layer) ? NO_WRAPPER : layer.class_name}
        disabled={!canBeWrapped(layer) && isModelLayer(layer)}
        allowDeselect={false}
        onChange={(value) =>
          changeWrapper(layer.id, catalogue?.layers.find(({ class_name }) => class_name === value) ?? null)
        }
      />
      <Group gap="xs">
        <Button
          size="compact-sm"
          leftSection={<IconArrowsMaximize size={14} />}
          onClick={() => openNode(nodeId)}
        >
          Open
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPackageExport size={14} />}
          onClick={() => dissolveNode(nodeId)}
        >
          Dissolve
        </Button>
      </Group>
    </section>
  );
}
