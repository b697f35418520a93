/** The last resort: a value that no other field can show, as JSON. */
import { Textarea } from "@mantine/core";
import type { EditorProps } from "@/forms/editors/editorProps";
import { useTypedText } from "@/forms/editors/useTypedText";
import type { Parsed } from "@/forms/literals";

function formatJson(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 1);
}

function parseJson(text: string): Parsed {
  if (text.trim() === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `Expected JSON, such as [1, 2] or {"a": true}: ${reason}.` };
  }
}

export function JsonEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  const typed = useTypedText(value, argument.default ?? null, formatJson, parseJson, onChange);
  return (
    <Textarea
      id={id}
      size="xs"
      autosize
      minRows={1}
      maxRows={10}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={typed.text}
      placeholder={formatJson(argument.default ?? null)}
      error={typed.message ?? error}
      disabled={disabled}
      spellCheck={false}
      onChange={({ currentTarget }) => typed.type(currentTarget.value)}
      onBlur={() => {
        typed.leave();
        onDone();
      }}
    />
  );
}
