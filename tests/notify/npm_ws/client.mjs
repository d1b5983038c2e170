/**
 * A client as a developer would write it with `ws`: connects as the arguments say, asks two things, closes, and prints
 * what came of it as one line of JSON.
 */
import WebSocket from "ws";

const [url, ...protocols] = process.argv.slice(2);
const socket = new WebSocket(url, protocols);
const messages = [];

socket.on("open", () => {
  socket.send(JSON.stringify({ type: "subscribe", topics: ["*"] }));
  socket.send(JSON.stringify({ type: "ping" }));
});
socket.on("message", (data) => {
  messages.push(JSON.parse(data.toString()));
  if (messages.length === 2) socket.close(1000);
});
socket.on("close", (closed) => console.log(JSON.stringify({ protocol: socket.protocol, messages, closed })));
