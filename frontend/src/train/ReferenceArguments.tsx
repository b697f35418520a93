/** The arguments of an optimizer, a loss or a callback. */
import { Stack, Text } from "@mantine/core";
import type { Argument, Entry, Issue } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { configOf, type Reference } from "@/train/references";

interface ReferenceArgumentsProps {
  entry: Entry;
  reference: Reference;
  issues: readonly Issue[];
  /** Keeps the fields of this form apart from others. */
  idPrefix: string;
  onChange: (reference: Reference) => void;
}

export function ReferenceArguments({
  entry,
  reference,
  issues,
  idPrefix,
  onChange,
}: ReferenceArgumentsProps) {
  if (entry.arguments.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {entry.class_name} takes no arguments.
      </Text>
    );
  }
  const config = configOf(reference);
  const change = ({ name }: Argument, value: unknown) =>
    onChange({ class_name: entry.class_name, config: withArgument(config, name, value) });
  return (
    <Stack gap="xs">
      <ArgumentForm
        entry={entry}
        config={config}
        issues={issues}
        idPrefix={idPrefix}
        onChange={change}
        onDone={() => undefined}
      />
    </Stack>
  );
}

/** Without the argument where the value is undefined: Keras's default holds then. */
function withArgument(config: Readonly<Record<string, unknown>>, name: string, value: unknown) {
  const { [name]: _old, ...others } = config;
  return value === undefined ? others : { ...others, [name]: value };
}
