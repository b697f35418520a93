/** Several pieces at once. */
import { Button, Group, Text } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import classes from "@/inspector/Inspector.module.css";
import { deleteSelection, duplicateSelection } from "@/stores/editor/actions";
import { useEditor } from "@/stores/editor/editorStore";

function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export function SelectionPanel() {
  const nodes = useEditor((state) => state.selectedNodes.size);
  const edges = useEditor((state) => state.selectedEdges.size);
  const parts = [nodes > 0 && countOf(nodes, "node"), edges > 0 && countOf(edges, "edge")].filter(Boolean);
  return (
    <section className={classes.section} aria-label="Selection">
      <Text fw={650} mb="sm">
        {parts.join(" and ")} chosen
      </Text>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={14} />}
          disabled={nodes === 0}
          onClick={duplicateSelection}
        >
          Duplicate
        </Button>
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          ml="auto"
          leftSection={<IconTrash size={14} />}
          onClick={deleteSelection}
        >
          Delete
        </Button>
      </Group>
    </section>
  );
}
