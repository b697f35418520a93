/** What every editor of one argument takes and gives. */
import type { Argument } from "@/api/types";

export interface EditorProps {
  /** The id that the field's label points to. */
  id: string;
  argument: Argument;
  /** The value in the config; undefined where it is left out and the default holds. */
  value: unknown;
  /** Sets the value; undefined takes it out of the config. */
  onChange: (value: unknown) => void;
  /** The field was left: the next change is an undo step of its own. */
  onDone: () => void;
  /** Shown below the field, such as an issue of the check. */
  error?: string;
  disabled?: boolean;
  /** The arguments beside this one, where what it may hold depends on them. */
  config?: Readonly<Record<string, unknown>>;
}
