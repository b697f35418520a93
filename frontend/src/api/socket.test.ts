import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/events";
import { type ReconnectingSocket, StreamSocket } from "@/api/socket";
import type { Command, Notification } from "@/api/stream";

/** The socket's other end: it can be cut and comes back, and it remembers what it was told. */
class FakeSocket implements ReconnectingSocket {
  readyState = 0;
  sent: Command[] = [];
  reconnects = 0;
  private readonly open: (() => void)[] = [];
  private readonly closed: (() => void)[] = [];
  private readonly messages: ((event: { data: unknown }) => void)[] = [];

  addEventListener(type: "open" | "close", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "open" | "close" | "message", listener: (event: { data: unknown }) => void): void {
    if (type === "open") this.open.push(() => listener({ data: null }));
    else if (type === "close") this.closed.push(() => listener({ data: null }));
    else this.messages.push(listener);
  }

  send(text: string): void {
    const command: Command = JSON.parse(text);
    this.sent.push(command);
  }

  close(): void {
    this.readyState = 3;
    for (const listener of this.closed) listener();
  }

  reconnect(): void {
    this.reconnects += 1;
    this.close();
    this.connect();
  }

  connect(): void {
    this.readyState = 1;
    for (const listener of this.open) listener();
  }

  receive(notification: Notification): void {
    for (const listener of this.messages) listener({ data: JSON.stringify(notification) });
  }
}

function logEvent(seq: number): RunEvent {
  return { type: "log", seq, time: "2026-01-01T00:00:00Z", level: "info", message: `line ${seq}` };
}

function range(first: number, last: number): RunEvent[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => logEvent(first + i));
}

function followOnFake(after = 0): {
  fake: FakeSocket;
  stream: StreamSocket;
  seen: number[];
  errors: string[];
} {
  const fake = new FakeSocket();
  const stream = new StreamSocket(() => fake);
  const seen: number[] = [];
  const errors: string[] = [];
  stream.follow("r1", after, {
    onEvents: (events) => seen.push(...events.map((event) => event.seq)),
    onError: (detail) => errors.push(detail),
  });
  return { fake, stream, seen, errors };
}

describe("StreamSocket", () => {
  it("says its wishes once the connection is open", () => {
    const { fake, stream } = followOnFake(7);
    stream.listenToRuns(() => undefined);
    expect(fake.sent).toEqual([]);
    fake.connect();
    expect(fake.sent).toEqual([{ type: "subscribe_runs" }, { type: "subscribe", run_id: "r1", after: 7 }]);
  });

  it("asks after a break for what came after the last event", () => {
    const { fake, seen } = followOnFake();
    fake.connect();
    fake.receive({ type: "events", run_id: "r1", events: range(1, 5) });
    fake.close();
    fake.connect();
    expect(fake.sent.at(-1)).toEqual({ type: "subscribe", run_id: "r1", after: 5 });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it("drops events that it has seen", () => {
    const { fake, seen } = followOnFake();
    fake.connect();
    fake.receive({ type: "events", run_id: "r1", events: range(1, 3) });
    fake.receive({ type: "events", run_id: "r1", events: range(2, 4) });
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("connects again when an event is missing, and takes none out of order", () => {
    const { fake, seen } = followOnFake();
    fake.connect();
    fake.receive({ type: "events", run_id: "r1", events: range(1, 2) });
    fake.receive({ type: "events", run_id: "r1", events: range(4, 5) });
    expect(seen).toEqual([1, 2]);
    expect(fake.reconnects).toBe(1);
    expect(fake.sent.at(-1)).toEqual({ type: "subscribe", run_id: "r1", after: 2 });
  });

  it("tells the follower of an error, and stays", () => {
    const { fake, errors, seen } = followOnFake();
    fake.connect();
    fake.receive({ type: "error", detail: "there is no run r1", run_id: "r1" });
    fake.receive({ type: "events", run_id: "r1", events: range(1, 1) });
    expect(errors).toEqual(["there is no run r1"]);
    expect(seen).toEqual([1]);
  });

  it("does not ask again for a run that nobody follows any more", () => {
    const fake = new FakeSocket();
    const stream = new StreamSocket(() => fake);
    const stop = stream.follow("r1", 0, { onEvents: () => undefined, onError: () => undefined });
    fake.connect();
    stop();
    fake.close();
    fake.connect();
    expect(fake.sent).toEqual([
      { type: "subscribe", run_id: "r1", after: 0 },
      { type: "unsubscribe", run_id: "r1" },
    ]);
  });

  it("says how the connection is", () => {
    const { fake, stream } = followOnFake();
    const seen: string[] = [];
    stream.onConnectionChange(() => seen.push(stream.getConnection()));
    fake.connect();
    fake.close();
    fake.connect();
    expect(seen).toEqual(["open", "lost", "open"]);
  });

  it("ignores a kind of message that it does not know", () => {
    const { fake, seen } = followOnFake();
    fake.connect();
    // @ts-expect-error a newer server
    fake.receive({ type: "tomorrow" });
    fake.receive({ type: "events", run_id: "r1", events: range(1, 1) });
    expect(seen).toEqual([1]);
  });

  it("delivers each event once and in order, wherever the connection breaks", () => {
    const action = fc.oneof(
      fc.record({ type: fc.constant("send" as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ type: fc.constant("lose" as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ type: fc.constant("repeat" as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ type: fc.constant("break" as const), count: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const { fake, seen } = followOnFake();
        let position = 0;
        const resume = (): void => {
          const last = fake.sent.at(-1);
          position = last?.type === "subscribe" ? last.after : position;
        };
        fake.connect();
        for (const { type, count } of actions) {
          const before = fake.reconnects;
          if (type === "send")
            fake.receive({ type: "events", run_id: "r1", events: range(position + 1, position + count) });
          if (type === "send" || type === "lose") position += count;
          if (type === "repeat") {
            fake.receive({
              type: "events",
              run_id: "r1",
              events: range(Math.max(1, position - count), position),
            });
          }
          if (type === "break") fake.close();
          if (type === "break") fake.connect();
          if (type === "break" || fake.reconnects > before) resume();
        }
        fake.close();
        fake.connect();
        resume();
        fake.receive({ type: "events", run_id: "r1", events: range(position + 1, 300) });
        expect(seen).toEqual(range(1, 300).map((event) => event.seq));
      }),
    );
  });
});
