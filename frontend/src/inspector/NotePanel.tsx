/** One note: its text. */
import { Group, Text, Textarea } from "@mantine/core";
import { LONGEST_NOTE } from "@/graph/groups";
import classes from "@/inspector/Inspector.module.css";
import { DeleteButton } from "@/inspector/SelectionButtons";
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
        <DeleteButton />
      </Group>
    </section>
  );
}
