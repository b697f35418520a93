/** Text that is being typed for a value: kept while it cannot be read, replaced when the value changes elsewhere. */
import { isEqual } from "es-toolkit";
import { useState } from "react";
import type { Parsed } from "@/forms/literals";

interface Typed {
  text: string;
  /** The value that the text stands for. */
  value: unknown;
  message: string | null;
}

export function useTypedText(
  value: unknown,
  fallback: unknown,
  format: (value: unknown) => string,
  parse: (text: string) => Parsed,
  onChange: (value: unknown) => void,
) {
  const [typed, setTyped] = useState<Typed>({ text: format(value), value, message: null });
  // A typed default leaves the config, so no value and the default are one: else "0" of "0.3" would vanish.
  const isCurrent = isEqual(typed.value ?? fallback, value ?? fallback);
  const shown = isCurrent ? typed : { text: format(value), value, message: null };

  function type(text: string): void {
    const parsed = parse(text);
    if (parsed.ok) {
      setTyped({ text, value: parsed.value, message: null });
      if (!isEqual(parsed.value, value)) onChange(parsed.value);
    } else {
      setTyped({ text, value, message: parsed.message });
    }
  }

  /** Shows the value in its usual form, unless what was typed still has to be mended. */
  function leave(): void {
    if (shown.message === null) setTyped({ text: format(value), value, message: null });
  }

  return { text: shown.text, message: shown.message, type, leave };
}
