/** One group: its title, and what can be done with the nodes in it. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconBoxOff, IconPackageImport } from "@tabler/icons-react";
import { LONGEST_TITLE } from "@/graph/groups";
import classes from "@/inspector/Inspector.module.css";
import { DuplicateButton } from "@/inspector/SelectionButtons";
import { TrainableButtons } from "@/inspector/TrainableButtons";
import { finishGesture, selectPieces, useEditor } from "@/stores/editor/editorStore";
import { changeGroupTitle, nestSelection, ungroupSelection } from "@/stores/editor/structure";

export function GroupPanel({ groupId }: { groupId: string }) {
  const group = useEditor((state) => state.open.document.graph.groups.find(({ id }) => id === groupId));
  if (!group) return null;
  const count = group.nodes.length;
  return (
    <section className={classes.section} aria-label="Group">
      <Text fw={650} mb="xs">
        Group of {count} {count === 1 ? "node" : "nodes"}
      </Text>
      <TextInput
        size="xs"
        mb="sm"
        label="title"
        classNames={{ label: classes.label }}
        value={group.title}
        maxLength={LONGEST_TITLE}
        onChange={({ currentTarget }) => changeGroupTitle(groupId, currentTarget.value)}
        onBlur={finishGesture}
      />
      <TrainableButtons nodeIds={group.nodes} />
      <Group gap="xs" mt="sm">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBoxOff size={14} />}
          onClick={ungroupSelection}
        >
          Ungroup
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPackageImport size={14} />}
          onClick={() => {
            selectPieces(group.nodes);
            nestSelection();
          }}
        >
          Nest
        </Button>
        <DuplicateButton />
      </Group>
    </section>
  );
}
