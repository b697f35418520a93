/** A field for a short list of words. */
import { TagsInput } from "@mantine/core";
import type { EditorProps } from "@/forms/editors/editorProps";
import { listWords } from "@/forms/families";

export function WordsEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  return (
    <TagsInput
      id={id}
      size="xs"
      value={listWords(value ?? argument.default)}
      placeholder="Type a word, then Enter"
      error={error}
      disabled={disabled}
      splitChars={[",", " "]}
      onChange={(words) => onChange(words.length > 0 ? words : undefined)}
      onBlur={onDone}
    />
  );
}
