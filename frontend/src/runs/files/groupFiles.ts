/** Files as a person thinks of them: single ones, and folders such as the one that TensorBoard writes to. */
import type { RunFile } from "@/api/runFiles";

export interface Folder {
  name: string;
  files: RunFile[];
  size: number;
  changed_at: string;
}

export interface Grouped {
  folders: Folder[];
  files: RunFile[];
}

/** Folders of the topmost level with all that is below them, and the files beside these. */
export function groupFiles(items: readonly RunFile[]): Grouped {
  const folders = new Map<string, Folder>();
  const files: RunFile[] = [];
  for (const item of items) {
    const end = item.path.indexOf("/");
    if (end < 0) {
      files.push(item);
      continue;
    }
    const name = item.path.slice(0, end);
    const folder = folders.get(name) ?? { name, files: [], size: 0, changed_at: item.changed_at };
    folder.files.push(item);
    folder.size += item.size;
    if (Date.parse(item.changed_at) > Date.parse(folder.changed_at)) folder.changed_at = item.changed_at;
    folders.set(name, folder);
  }
  return { folders: [...folders.values()], files };
}
