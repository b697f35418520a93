/** A field for numbers and tuples, typed as in Python. What cannot be read is explained and not taken over. */
import { TextInput } from "@mantine/core";
import type { EditorProps } from "@/forms/editors/editorProps";
import { useTypedText } from "@/forms/editors/useTypedText";
import { describeLiteral, formatLiteral, parseLiteral } from "@/forms/literals";

export function LiteralEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  const typed = useTypedText(
    value,
    argument.default ?? null,
    formatLiteral,
    (text) => parseLiteral(text, argument),
    onChange,
  );
  return (
    <TextInput
      id={id}
      size="xs"
      value={typed.text}
      placeholder={argument.required ? describeLiteral(argument) : formatLiteral(argument.default ?? null)}
      error={typed.message ?? error}
      disabled={disabled}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => typed.type(event.currentTarget.value)}
      onBlur={() => {
        typed.leave();
        onDone();
      }}
    />
  );
}
