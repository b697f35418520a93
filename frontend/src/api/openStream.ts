/** Opens the page's WebSocket on the server that the page came from. */
import { WebSocket as PartySocket } from "partysocket";
import { StreamSocket } from "@/api/socket";

function streamAddress(): string {
  const address = new URL("/api/stream", window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function connect(): PartySocket {
  return new PartySocket(streamAddress, [], {
    minReconnectionDelay: 300,
    maxReconnectionDelay: 10_000,
    reconnectionDelayGrowFactor: 1.6,
    connectionTimeout: 5_000,
    // Wishes are said again after each connect, so none may wait in a queue as well.
    maxEnqueuedMessages: 0,
  });
}

export const stream = new StreamSocket(connect);

window.addEventListener("online", () => stream.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") stream.wake();
});
