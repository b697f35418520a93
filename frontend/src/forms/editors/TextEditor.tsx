/** A field for a string; emptied, the default holds. */
import { TextInput } from "@mantine/core";
import type { EditorProps } from "@/forms/editors/editorProps";

export function TextEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  return (
    <TextInput
      id={id}
      size="xs"
      value={typeof value === "string" ? value : ""}
      placeholder={typeof argument.default === "string" ? argument.default : "None"}
      error={error}
      disabled={disabled}
      spellCheck={false}
      onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? undefined : currentTarget.value)}
      onBlur={onDone}
    />
  );
}
