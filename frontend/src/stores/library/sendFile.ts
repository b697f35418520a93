/** Sends a file piece by piece, and goes on where the server is after whatever went wrong. */
import type { UploadPublic } from "@/api/ownTypes";
import { ProblemError } from "@/api/problem";

/** The server, as far as uploads need it. */
export interface UploadLink {
  begin(file: File): Promise<UploadPublic>;
  read(id: string, signal: AbortSignal): Promise<UploadPublic>;
  send(id: string, offset: number, piece: Blob, signal: AbortSignal): Promise<UploadPublic>;
  /** Resolves after a while; rejects with an `AbortError` once nobody waits any more. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface Sending {
  readonly signal: AbortSignal;
  readonly onProgress: (state: UploadPublic) => void;
}

/** Small enough that progress is seen and little is sent twice; the server may want smaller pieces. */
export const PIECE_BYTES = 4 * 1024 * 1024;
const MOST_FAILURES = 6;
const FIRST_WAIT_MS = 500;
const NOT_FOUND = 404;
const WRONG_OFFSET = 409;

/**
 * The upload once all of the file is there. `known` is the id of an upload of the same file that was begun before.
 * Throws an `AbortError` when the signal says so; what was sent is kept then. Throws a `ProblemError` where the server
 * refuses the file, or does not answer several times in a row.
 */
export async function sendFile(
  file: File,
  known: string | null,
  link: UploadLink,
  { signal, onProgress }: Sending,
): Promise<UploadPublic> {
  let state = await findStart(file, known, link, signal);
  let failures = 0;
  while (state.offset < file.size) {
    onProgress(state);
    signal.throwIfAborted();
    try {
      const piece = file.slice(state.offset, state.offset + Math.min(PIECE_BYTES, state.piece_size));
      state = await link.send(state.id, state.offset, piece, signal);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!isWorthGoingOn(error) || failures > MOST_FAILURES) throw error;
      state = await catchUp(state, failures, link, signal);
    }
  }
  onProgress(state);
  return state;
}

async function findStart(
  file: File,
  known: string | null,
  link: UploadLink,
  signal: AbortSignal,
): Promise<UploadPublic> {
  if (known === null) return link.begin(file);
  try {
    return await link.read(known, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.status === NOT_FOUND) return link.begin(file);
    throw error;
  }
}

function isWorthGoingOn(error: unknown): boolean {
  return error instanceof ProblemError && (error.isTemporary || error.status === WRONG_OFFSET);
}

/** Where the server is now; where it does not say either, where it was: the next piece will tell. */
async function catchUp(
  state: UploadPublic,
  failures: number,
  link: UploadLink,
  signal: AbortSignal,
): Promise<UploadPublic> {
  if (failures > 1) await link.wait(FIRST_WAIT_MS * 2 ** (failures - 1), signal);
  try {
    return await link.read(state.id, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.isTemporary) return state;
    throw error;
  }
}
