/** Pasted text as the JSON of a model. */
import type { importConfig } from "@/api/imports";

type Config = Parameters<typeof importConfig>[0];

export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly message: string };

/** The config in the text, also where somebody printed the string that `to_json()` gives, quotes and all. */
export function readConfig(text: string): ReadConfig {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return readConfig(value);
    if (typeof value === "object" && value !== null) return { ok: true, config: value as Config };
    return { ok: false, message: "Expected an object with class_name and config, or with layers." };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `This is not JSON: ${reason}.` };
  }
}
