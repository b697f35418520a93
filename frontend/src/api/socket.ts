/** The page's one WebSocket: who wants to hear of what, and picking up where it was after a break. */
import type { RunEvent } from "@/api/events";
import {
  type Command,
  type EventsNotification,
  type Notification,
  parseNotification,
  type RunDeletedNotification,
  type RunNotification,
} from "@/api/stream";

/** What is needed of a WebSocket that connects again by itself. */
export interface ReconnectingSocket {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  reconnect(): void;
  addEventListener(type: "open" | "close", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export interface RunFollower {
  /** New events, in order, each number once. */
  onEvents(events: readonly RunEvent[]): void;
  /** The server cannot send this run's events (it was deleted, for example). */
  onError(detail: string): void;
}

export type RunsListener = (notification: RunNotification | RunDeletedNotification) => void;
export type Connection = "connecting" | "open" | "lost";

interface Followed {
  after: number;
  readonly follower: RunFollower;
}

const OPEN = 1;

/**
 * Connects on the first wish and stays. After a break each wish is said again with the number of the last event that
 * came, so that nothing is missed; what comes twice nevertheless is dropped.
 */
export class StreamSocket {
  private socket: ReconnectingSocket | null = null;
  private readonly runs = new Map<string, Followed>();
  private readonly runsListeners = new Set<RunsListener>();
  private readonly connectionListeners = new Set<() => void>();
  private connection: Connection = "connecting";

  private readonly connect: () => ReconnectingSocket;

  constructor(connect: () => ReconnectingSocket) {
    this.connect = connect;
  }

  /** Send the events of a run after number `after` to `follower`. A run has one follower at a time. */
  follow(runId: string, after: number, follower: RunFollower): () => void {
    const followed: Followed = { after, follower };
    this.runs.set(runId, followed);
    this.say({ type: "subscribe", run_id: runId, after });
    return () => {
      if (this.runs.get(runId) !== followed) return;
      this.runs.delete(runId);
      this.say({ type: "unsubscribe", run_id: runId });
    };
  }

  /** Hear of every run that is created, changes its status, finishes an epoch or is deleted. */
  listenToRuns(listener: RunsListener): () => void {
    this.runsListeners.add(listener);
    if (this.runsListeners.size === 1) this.say({ type: "subscribe_runs" });
    return () => this.runsListeners.delete(listener);
  }

  getConnection = (): Connection => this.connection;

  onConnectionChange = (listener: () => void): (() => void) => {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  };

  /** Try again at once, where the connection is gone: the machine woke up, or its network is back. */
  wake(): void {
    if (this.socket !== null && this.socket.readyState !== OPEN) this.socket.reconnect();
  }

  private say(command: Command): void {
    if (this.socket === null) this.open();
    else if (this.socket.readyState === OPEN) this.socket.send(JSON.stringify(command));
  }

  private open(): void {
    const socket = this.connect();
    this.socket = socket;
    socket.addEventListener("open", () => this.resume(socket));
    socket.addEventListener("close", () => this.setConnection("lost"));
    socket.addEventListener("message", ({ data }) => {
      const notification = typeof data === "string" ? parseNotification(data) : null;
      if (notification !== null) this.dispatch(notification, socket);
    });
  }

  private resume(socket: ReconnectingSocket): void {
    this.setConnection("open");
    if (this.runsListeners.size > 0)
      socket.send(JSON.stringify({ type: "subscribe_runs" } satisfies Command));
    for (const [runId, { after }] of this.runs) {
      socket.send(JSON.stringify({ type: "subscribe", run_id: runId, after } satisfies Command));
    }
  }

  private dispatch(notification: Notification, socket: ReconnectingSocket): void {
    switch (notification.type) {
      case "events":
        this.deliver(notification, socket);
        return;
      case "run":
      case "run_deleted":
        for (const listener of this.runsListeners) listener(notification);
        return;
      case "error":
        if (notification.run_id) this.runs.get(notification.run_id)?.follower.onError(notification.detail);
        return;
      default:
        notification satisfies never;
    }
  }

  private deliver(notification: EventsNotification, socket: ReconnectingSocket): void {
    const followed = this.runs.get(notification.run_id);
    if (followed === undefined) return;
    const fresh = notification.events.filter((event) => event.seq > followed.after);
    const first = fresh[0];
    const last = fresh.at(-1);
    if (first === undefined || last === undefined) return;
    if (first.seq > followed.after + 1) {
      // Numbers have no gap, so something between was lost: ask again from where we are.
      socket.reconnect();
      return;
    }
    followed.after = last.seq;
    followed.follower.onEvents(fresh);
  }

  private setConnection(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    for (const listener of this.connectionListeners) listener();
  }
}
