import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UploadPublic } from "@/api/ownTypes";
import { ProblemError } from "@/api/problem";
import { PIECE_BYTES, sendFile, type UploadLink } from "@/stores/library/sendFile";

function problem(status: number): ProblemError {
  return new ProblemError({ type: "about:blank", title: "No", status, detail: "No.", issues: [] });
}

/** A server that keeps the bytes it gets, and whose connection breaks when it is told to. */
class Keeper implements UploadLink {
  kept = new Uint8Array();
  pieceSize = 64 * 1024 * 1024;
  begun = 0;
  waits: number[] = [];
  /** For each piece: what happens to it; afterwards everything goes well. */
  fate: ("fine" | "lost" | "answer lost" | "refused")[] = [];

  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  private get state(): UploadPublic {
    const offset = this.kept.length;
    return {
      id: "u1",
      filename: "f",
      size: this.size,
      offset,
      complete: offset === this.size,
      piece_size: this.pieceSize,
      created_at: "2026-01-01T00:00:00Z",
      expires_at: "2026-01-02T00:00:00Z",
    };
  }

  async begin(): Promise<UploadPublic> {
    this.begun += 1;
    return this.state;
  }

  async read(id: string): Promise<UploadPublic> {
    if (id !== "u1") throw problem(404);
    return this.state;
  }

  async send(_: string, offset: number, piece: Blob, signal: AbortSignal): Promise<UploadPublic> {
    signal.throwIfAborted();
    const fate = this.fate.shift() ?? "fine";
    if (fate === "refused") throw problem(413);
    if (fate === "lost") throw problem(0);
    if (offset !== this.kept.length) throw problem(409);
    const bytes = new Uint8Array(await piece.arrayBuffer());
    this.kept = new Uint8Array([...this.kept, ...bytes]);
    if (fate === "answer lost") throw problem(502);
    return this.state;
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
  }
}

function send(file: File, keeper: Keeper, known: string | null = null, abort = new AbortController()) {
  const seen: number[] = [];
  const onProgress = ({ offset }: UploadPublic) => seen.push(offset);
  return { seen, done: sendFile(file, known, keeper, { signal: abort.signal, onProgress }) };
}

const LONG = new File([new Uint8Array(PIECE_BYTES + 5)], "long.npy");

describe("sending a file", () => {
  it("arrives whole, whatever is lost on the way", async () => {
    const fates = fc.array(fc.constantFrom("fine", "lost", "answer lost"), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fates, async (bytes, fate) => {
        const file = new File([bytes.slice()], "f.csv");
        const keeper = new Keeper(file.size);
        keeper.fate = [...fate];
        await send(file, keeper).done;
        expect([...keeper.kept]).toEqual([...bytes]);
      }),
    );
  });

  it("tells how far it is, piece by piece", async () => {
    const { seen, done } = send(LONG, new Keeper(LONG.size));
    await done;
    expect(seen).toEqual([0, PIECE_BYTES, PIECE_BYTES + 5]);
  });

  it("sends smaller pieces to a server that wants them", async () => {
    const keeper = new Keeper(5);
    keeper.pieceSize = 2;
    const { seen, done } = send(new File([new Uint8Array(5)], "f"), keeper);
    await done;
    expect(seen).toEqual([0, 2, 4, 5]);
  });

  it("goes on with an upload that was begun before the page was loaded anew", async () => {
    const keeper = new Keeper(LONG.size);
    keeper.kept = new Uint8Array(PIECE_BYTES);
    const { seen, done } = send(LONG, keeper, "u1");
    await done;
    expect(seen).toEqual([PIECE_BYTES, PIECE_BYTES + 5]);
    expect(keeper.begun).toBe(0);
  });

  it("begins anew where the server has forgotten the upload", async () => {
    const keeper = new Keeper(LONG.size);
    await send(LONG, keeper, "gone").done;
    expect(keeper.begun).toBe(1);
    expect(keeper.kept.length).toBe(LONG.size);
  });

  it("stops at once where the server refuses the file", async () => {
    const keeper = new Keeper(LONG.size);
    keeper.fate = ["refused"];
    await expect(send(LONG, keeper).done).rejects.toMatchObject({ status: 413 });
  });

  it("gives up after it was lost many times, and waits longer each time", async () => {
    const keeper = new Keeper(LONG.size);
    keeper.fate = Array.from({ length: 20 }, () => "lost");
    await expect(send(LONG, keeper).done).rejects.toMatchObject({ status: 0 });
    expect(keeper.waits).toEqual(keeper.waits.toSorted((a, b) => a - b));
  });

  it("keeps what was sent when it is paused", async () => {
    const keeper = new Keeper(LONG.size);
    const abort = new AbortController();
    const stopAfterOne = ({ offset }: UploadPublic) => {
      if (offset > 0) abort.abort();
    };
    const sending = sendFile(LONG, null, keeper, { signal: abort.signal, onProgress: stopAfterOne });
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    expect(keeper.kept.length).toBe(PIECE_BYTES);
  });
});
