/** True or False. */
import { Switch } from "@mantine/core";
import type { EditorProps } from "@/forms/editors/editorProps";

export function SwitchEditor({ id, argument, value, onChange, onDone, error, disabled }: EditorProps) {
  return (
    <Switch
      id={id}
      size="sm"
      checked={Boolean(value ?? argument.default)}
      error={error}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.checked);
        onDone();
      }}
    />
  );
}
