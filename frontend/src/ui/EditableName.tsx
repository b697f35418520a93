/** A name that is edited where it stands: a click or Enter edits, Enter or leaving saves, Escape leaves it as it was. */
import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { toProblem } from "@/api/problem";

const MAX_NAME_LENGTH = 120;

interface EditableNameProps {
  name: string;
  /** What is named: the field's label is `Name of the <noun>`. */
  noun: string;
  onRename: (name: string) => Promise<unknown>;
}

export function EditableName({ name, noun, onRename }: EditableNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation({ mutationFn: onRename, onSuccess: () => setDraft(null) });
  if (draft === null) {
    return (
      <Group gap={4} wrap="nowrap" miw={0}>
        <Text inherit truncate="end" title={name} onDoubleClick={() => setDraft(name)}>
          {name}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Rename the ${noun}`}
          onClick={() => setDraft(name)}
        >
          <IconPencil size={16} aria-hidden />
        </ActionIcon>
      </Group>
    );
  }
  const cancel = () => {
    rename.reset();
    setDraft(null);
  };
  const save = () => {
    const wanted = draft.trim();
    if (wanted === "" || wanted === name) cancel();
    else if (!rename.isPending) rename.mutate(wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") cancel();
  };
  return (
    <TextInput
      aria-label={`Name of the ${noun}`}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={onKeyDown}
      maxLength={MAX_NAME_LENGTH}
      readOnly={rename.isPending}
      error={rename.error && toProblem(rename.error).detail}
      w={320}
      autoFocus
    />
  );
}
