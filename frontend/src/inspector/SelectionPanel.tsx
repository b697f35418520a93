/** Several pieces at once. */
import { Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconBoxMultiple, IconCopy, IconPackageImport, IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import classes from "@/inspector/Inspector.module.css";
import { DeleteButton } from "@/inspector/SelectionButtons";
import { TrainableButtons } from "@/inspector/TrainableButtons";
import { duplicateSelection } from "@/stores/editor/actions";
import { useEditor } from "@/stores/editor/editorStore";
import { addSelectionToGroup, groupSelection, nestSelection } from "@/stores/editor/structure";

function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export function SelectionPanel() {
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const edges = useEditor((state) => state.selectedEdges.size);
  const selectedGroups = useEditor((state) => state.selectedGroups);
  const notes = useEditor((state) => state.selectedNotes.size);
  const nodeIds = useMemo(() => [...selectedNodes], [selectedNodes]);
  const parts = [
    nodeIds.length > 0 && countOf(nodeIds.length, "node"),
    edges > 0 && countOf(edges, "edge"),
    selectedGroups.size > 0 && countOf(selectedGroups.size, "group"),
    notes > 0 && countOf(notes, "note"),
  ].filter(Boolean);
  const [groupId] = selectedGroups;
  const canGrow = groupId !== undefined && selectedGroups.size === 1 && nodeIds.length > 0;
  return (
    <section className={classes.section} aria-label="Selection">
      <Text fw={650} mb="sm">
        {parts.join(", ")} chosen
      </Text>
      <Stack gap="sm">
        <Group gap="xs">
          <Tooltip label="Make a model of these nodes, and call it in their place (Ctrl+Shift+G)">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPackageImport size={14} />}
              disabled={nodeIds.length === 0}
              onClick={nestSelection}
            >
              Nest selection
            </Button>
          </Tooltip>
          <Tooltip label="Draw a titled frame around these nodes (Ctrl+G)">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconBoxMultiple size={14} />}
              disabled={nodeIds.length === 0}
              onClick={groupSelection}
            >
              Group
            </Button>
          </Tooltip>
          {canGrow && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => addSelectionToGroup(groupId)}
            >
              Add to the group
            </Button>
          )}
        </Group>
        <TrainableButtons nodeIds={nodeIds} />
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconCopy size={14} />}
            disabled={nodeIds.length + notes + selectedGroups.size === 0}
            onClick={duplicateSelection}
          >
            Duplicate
          </Button>
          <DeleteButton />
        </Group>
      </Stack>
    </section>
  );
}
