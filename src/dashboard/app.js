// The page of the running program: its state, and what happens, as it happens.
const { document, history } = globalThis;
const TOKEN_KEY = "chatstats.token";
const MOST_EVENTS = 100;
const $ = (id) => document.getElementById(id);

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) sessionStorage.setItem(TOKEN_KEY, given);
// The token must not stay where it can be read over a shoulder, or be bookmarked.
if (location.hash) history.replaceState(null, "", location.pathname);
const token = given ?? sessionStorage.getItem(TOKEN_KEY);

let position = {};
let retryMs = 500;
let isShown = false;

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = text === "";
}

function importing({ done, total }) {
  $("state").textContent = `importing: ${done.toLocaleString()} of ${total.toLocaleString()}`;
}

async function refresh() {
  const response = await fetch("/api/v1/status", { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 401) {
    return notice("This page has no valid token. Open it again with the command “open”.");
  }
  if (!response.ok) return notice("The program cannot tell its state just now.");
  const status = await response.json();
  const hints = status.sources.map((source) => source.hint).filter(Boolean);
  notice(hints.join(" "));
  if (status.import) importing(status.import);
  else $("state").textContent = status.state.replaceAll("_", " ");
  const { messages, chats, contacts, attachments, reactions, size_bytes } = status.database;
  const facts = { messages, chats, contacts, attachments, reactions, pending: status.pending };
  const shown = Object.entries(facts).map(([name, count]) => [name, count.toLocaleString()]);
  shown.push(["size", `${(size_bytes / 1e6).toFixed(1)} MB`]);
  if (status.last_sync.at) shown.push(["last sync", new Date(status.last_sync.at).toLocaleTimeString()]);
  $("facts").replaceChildren(...shown.map(([name, value]) => {
    const box = document.createElement("div");
    box.append(element("dt", name), element("dd", value));
    return box;
  }));
}

const reload = () => refresh().catch(() => notice("The program does not answer."));

function show(event) {
  const { data } = event;
  const item = document.createElement("li");
  const time = element("time", new Date(event.at).toLocaleTimeString());
  time.dateTime = event.at;
  item.append(time, element("strong", event.event), element("span", event.topics.join(" ")));
  const text = data.message?.content ?? data.values?.content ?? data.name ?? data.reaction?.emoji;
  if (typeof text === "string") {
    const line = element("p", text);
    line.className = "text";
    line.hidden = !isShown;
    item.append(line);
  }
  $("events").prepend(item);
  while ($("events").childElementCount > MOST_EVENTS) $("events").lastElementChild.remove();
  $("empty").hidden = true;
}

function received(message) {
  if (message.type === "subscribed") {
    // Only a position of our own: with `after`, the replay is still to come.
    position = { after: position.after ?? message.seq, feed: message.feed };
    retryMs = 500;
    reload();
  } else if (message.type === "resync") {
    position = { after: message.seq, feed: message.feed };
    reload();
  } else if (message.type === "event") {
    if (message.seq) position.after = message.seq;
    // Ten of these may come in a second: they say all by themselves.
    if (message.event === "import.progress") return importing(message.data);
    if (message.topics.includes("sync")) reload();
    show(message);
  }
}

function connect() {
  // A subprotocol may hold these characters only; any other token goes into the query.
  const fits = /^[\w!#$%&'*+.^`|~-]+$/.test(token);
  const url = `ws://${location.host}/ws`;
  const socket = fits
    ? new WebSocket(url, ["chatstats.v1", `token.${token}`])
    : new WebSocket(`${url}?token=${encodeURIComponent(token)}`);
  socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", topics: ["*"], ...position }));
  socket.onmessage = ({ data }) => received(JSON.parse(data));
  socket.onclose = () => {
    $("state").textContent = "Connecting again …";
    setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, 10_000);
  };
}

$("reveal").onclick = () => {
  isShown = !isShown;
  $("reveal").setAttribute("aria-pressed", String(isShown));
  $("reveal").textContent = isShown ? "Hide text" : "Show text";
  for (const line of document.querySelectorAll(".text")) line.hidden = !isShown;
};

reload();
if (token) connect();
