/** How Keras's architectures are listed and asked for. */
import type { Argument, Entry } from "@/api/types";

interface Group {
  readonly group: string;
  readonly items: string[];
}

/** The architectures by family, for a list that can be searched. */
export function groupApplications(entries: readonly Entry[]): Group[] {
  const groups = new Map<string, string[]>();
  for (const { category, class_name } of entries)
    groups.set(category, [...(groups.get(category) ?? []), class_name]);
  return [...groups].map(([group, items]) => ({ group, items }));
}

/** The arguments that a document can give: a tensor is none of them, and a name is the model's own. */
export function listArguments(entry: Entry): Argument[] {
  return entry.arguments.filter(({ name }) => name !== "input_tensor" && name !== "name");
}

/** Whether Keras has to fetch weights. */
export function isDownload(config: Readonly<Record<string, unknown>>): boolean {
  return config.weights !== null && config.weights !== undefined;
}
