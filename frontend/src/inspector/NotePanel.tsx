/** One note: its text. */
import { Button, Group, Text, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { LONGEST_NOTE } from "@/graph/groups";
import classes from "@/inspector/Inspector.module.css";
import { deleteSelection } from "@/stores/editor/actions";
import { finishGesture, useEditor } from "@/stores/editor/editorStore";
import { changeNote } from "@/stores/editor/structure";

export function NotePanel({ noteId }: { noteId: string }) {
  const note = useEditor((state) => state.open.document.graph.notes.find(({ id }) => id === noteId));
  if (!note) return null;
  return (
    <section className={classes.section} aria-label="Note">
      <Text fw={650} mb="xs">
        Note
      </Text>
      <Textarea
        size="xs"
        mb="sm"
        label="text"
        classNames={{ label: classes.label }}
        autosize
        minRows={3}
        maxRows={16}
        maxLength={LONGEST_NOTE}
        value={note.text}
        onChange={({ currentTarget }) => changeNote(noteId, currentTarget.value)}
        onBlur={finishGesture}
      />
      <Group justify="flex-end">
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={deleteSelection}
        >
          Delete
        </Button>
      </Group>
    </section>
  );
}
