/** A WebSocket client as any program would write it. */
import { LiveSyncError } from "../../model/errors.ts";
import { recordOf } from "../../model/json.ts";

export interface DemoClient extends Disposable {
  /** Resolves with the reason when the connection ends without our doing. */
  readonly lost: Promise<LiveSyncError>;
}

/** Connects, subscribes to everything, and hands over each message as it comes. */
export async function connectDemoClient(
  address: { readonly ws: string; readonly token: string },
  onMessage: (message: unknown) => void,
): Promise<DemoClient> {
  const socket = new WebSocket(`${address.ws}?token=${encodeURIComponent(address.token)}`);
  const subscribed = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<LiveSyncError>();
  let isClosing = false;
  socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "subscribe", topics: ["*"] })));
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return;
    const message: unknown = JSON.parse(data);
    if (recordOf(message)["type"] === "subscribed") subscribed.resolve();
    onMessage(message);
  });
  socket.addEventListener("close", ({ code }) => {
    const error = new LiveSyncError("demo_connection", `The WebSocket was closed (${code})`);
    subscribed.reject(error);
    if (!isClosing) lost.resolve(error);
  });
  // The close that follows tells more.
  socket.addEventListener("error", (event) => event.preventDefault());
  await subscribed.promise;
  return {
    lost: lost.promise,
    [Symbol.dispose]() {
      isClosing = true;
      socket.close();
    },
  };
}
