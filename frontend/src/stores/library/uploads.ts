/** The files that are on their way to the server: they go on while another page is shown, and after a reload. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { ProblemError } from "@/api/problem";
import { beginUpload, forgetUpload, readUpload, sendPiece } from "@/api/uploads";
import { sendFile, type UploadLink } from "@/stores/library/sendFile";

/** `waiting`: begun before the page was loaded anew, so the file has to be chosen again to go on. */
export type UploadStatus = "sending" | "paused" | "waiting" | "sent" | "failed";

export interface Upload {
  /** Names the file in this browser: the same file has the same key. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly id: string | null;
  readonly sent: number;
  readonly status: UploadStatus;
  readonly error: unknown;
  /** When sending began or went on, and how much was there then: what speed is counted from. */
  readonly since: { readonly time: number; readonly sent: number } | null;
}

interface Uploads {
  readonly uploads: readonly Upload[];
}

const files = new Map<string, File>();
const running = new Map<string, AbortController>();

export const useUploads = create<Uploads>()(
  persist((): Uploads => ({ uploads: [] }), {
    name: "layerloom.uploads",
    partialize: ({ uploads }) => ({
      uploads: uploads.filter(({ id }) => id !== null).map((one) => ({ ...one, error: null, since: null })),
    }),
    merge: (kept, fresh) => ({ ...fresh, uploads: readKept(kept) }),
  }),
);

/** After a reload the page has no file any more, only its name. */
function readKept(kept: unknown): Upload[] {
  const { uploads = [] } = (kept ?? {}) as Partial<Uploads>;
  return uploads.map((one) => (one.status === "sent" ? one : { ...one, status: "waiting" }));
}

const link: UploadLink = {
  begin: beginUpload,
  read: readUpload,
  send: sendPiece,
  wait: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

function keyOf({ name, size, lastModified }: File): string {
  return `${name}/${size}/${lastModified}`;
}

function change(key: string, changes: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((one) => (one.key === key ? { ...one, ...changes } : one)),
  }));
}

function find(key: string): Upload | undefined {
  return useUploads.getState().uploads.find((one) => one.key === key);
}

/** Sends files. One that was begun before goes on where it was. */
export function addFiles(chosen: readonly File[]): void {
  for (const file of chosen) {
    const key = keyOf(file);
    files.set(key, file);
    if (find(key) === undefined) {
      const { name, size } = file;
      const fresh: Upload = {
        key,
        name,
        size,
        id: null,
        sent: 0,
        status: "paused",
        error: null,
        since: null,
      };
      useUploads.setState(({ uploads }) => ({ uploads: [...uploads, fresh] }));
    }
    void goOn(key);
  }
}

/** Begins, or goes on with, an upload whose file the page has. */
export async function goOn(key: string): Promise<void> {
  const [upload, file] = [find(key), files.get(key)];
  if (!upload || !file || upload.status === "sent" || running.has(key)) return;
  if (file.size === 0) {
    change(key, { status: "failed", error: new Error(`${file.name} is empty: expected at least one byte.`) });
    return;
  }
  const controller = new AbortController();
  running.set(key, controller);
  change(key, { status: "sending", error: null, since: null });
  try {
    await sendFile(file, upload.id, link, {
      signal: controller.signal,
      onProgress: ({ id, offset }) => {
        const since = find(key)?.since ?? { time: Date.now(), sent: offset };
        if (running.get(key) === controller) change(key, { id, sent: offset, since });
      },
    });
    change(key, { status: "sent", sent: file.size, since: null });
  } catch (error) {
    if (controller.signal.aborted) change(key, { status: "paused", since: null });
    else change(key, { status: "failed", error, since: null });
  } finally {
    running.delete(key);
  }
}

export function pauseUpload(key: string): void {
  running.get(key)?.abort(new DOMException("The upload was paused.", "AbortError"));
}

/** Takes a file out. The server may forget what it has of it; where it cannot be told, it will by itself. */
export async function removeUpload(key: string): Promise<void> {
  const upload = find(key);
  pauseUpload(key);
  files.delete(key);
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.key !== key) }));
  if (upload?.id != null) await forgetUpload(upload.id).catch(() => undefined);
}

/** Forgets all files here: the server has made a data set of them. */
export function forgetUploads(): void {
  for (const { key } of useUploads.getState().uploads) pauseUpload(key);
  files.clear();
  useUploads.setState({ uploads: [] });
}

/** After a reload: asks how far the server is with each upload, and drops those that it has forgotten. */
export async function recallUploads(): Promise<void> {
  const { uploads } = useUploads.getState();
  const known = uploads.filter(({ key, id }) => id !== null && !files.has(key));
  await Promise.all(known.map(({ key, id }) => recall(key, id ?? "")));
}

async function recall(key: string, id: string): Promise<void> {
  try {
    const { offset, complete } = await readUpload(id);
    if (!running.has(key)) change(key, { sent: offset, status: complete ? "sent" : "waiting" });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 404) return;
    useUploads.setState((state) => ({ uploads: state.uploads.filter((one) => one.key !== key) }));
  }
}
