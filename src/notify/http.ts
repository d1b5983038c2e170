/**
 * The HTTP server: checks, then routes. On 127.0.0.1 and, where it can be had, on ::1 with the same port.
 *
 * Order of the checks: Host (403), Origin (403), preflight, token (401), path (404), method (405). Whoever has no
 * token does not learn which paths there are under /api.
 */
import type { LiveSyncError } from "../model/errors.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import {
  type ConnectionCutter,
  type ConnectionEnds,
  openConnectionCutter,
} from "../platform/connection_cutter.ts";
import { type Log, silentLog } from "../platform/log.ts";
import { type Asset, assetAnswer, emptyAnswer, failureAnswer } from "./answer.ts";
import type { Feed } from "./feed.ts";
import * as guard from "./guard.ts";
import { listen, type Listening } from "./listen.ts";
import type { Route } from "./route.ts";
import { type ApiPorts, apiRoutes, thrownAnswer } from "./routes.ts";
import { Turns } from "./turns.ts";
import { MAX_SOCKETS, serveWebSocket, type WebSocketLimits } from "./websocket.ts";

export interface HttpPorts extends ApiPorts {
  readonly feed: Feed;
  /** Static files of the dashboard by path, "/" among them. */
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface HttpOptions {
  /** 0: the system picks one. */
  readonly port: number;
  readonly token: string;
  readonly allowOrigins: readonly string[];
  readonly clock?: Clock | undefined;
  readonly log?: Log | undefined;
  /** No connection can be taken any more; only a new process can. */
  readonly onDeaf?: ((error: LiveSyncError) => void) | undefined;
  readonly webSocketLimits?: WebSocketLimits | undefined;
  /** Most WebSockets at a time. */
  readonly maxSockets?: number | undefined;
  /** How long the body of a request may take. */
  readonly bodyMs?: number | undefined;
}

export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `ws://127.0.0.1:PORT/ws` */
  readonly ws: string;
  /** Whether ::1 could be had, too. */
  readonly onIPv6: boolean;
  /** Takes no more connections and waits a moment for answers under way. Close the feed first: it says 1001. */
  close(): Promise<void>;
}

/** Listens; requests are answered from here on. Throws a LiveSyncError when the port cannot be had. */
export function serve(ports: HttpPorts, options: HttpOptions): HttpServer {
  const cutter = openConnectionCutter();
  const handler = new Handler(ports, options, cutter);
  const listening: Listening = listen(options.port, {
    answer: (request, ends) => handler.handle(request, ends),
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLog,
    onDeaf: options.onDeaf ?? (() => {}),
  });
  return {
    port: listening.port,
    url: `http://127.0.0.1:${listening.port}`,
    ws: `ws://127.0.0.1:${listening.port}/ws`,
    onIPv6: listening.onIPv6,
    close: () => listening.close().finally(() => cutter?.close()),
  };
}

/** A ping after this many quiet seconds; who does not answer it as long again is closed. */
const IDLE_SECONDS = 30;
/** A request whose body takes longer is answered 408. */
const BODY_MS = 10_000;

class Handler {
  readonly #ports: HttpPorts;
  readonly #options: HttpOptions;
  readonly #log: Log;
  readonly #routes: readonly Route[];
  readonly #isToken: (offered: string) => boolean;
  readonly #cutter: ConnectionCutter | null;
  readonly #turns: Turns;
  /** WebSockets that are not gone yet. */
  #sockets = 0;

  constructor(ports: HttpPorts, options: HttpOptions, cutter: ConnectionCutter | null) {
    this.#ports = ports;
    this.#cutter = cutter;
    this.#turns = new Turns(options.clock ?? systemClock);
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#isToken = guard.tokenCheck(options.token);
    this.#routes = [
      ...apiRoutes(ports, { clock: options.clock ?? systemClock, bodyMs: options.bodyMs ?? BODY_MS }),
      { method: "GET", path: /^\/ws$/, answer: ({ request, ends }) => this.#upgrade(request, ends) },
    ];
  }

  async handle(request: Request, ends: ConnectionEnds): Promise<Response> {
    const url = URL.parse(request.url);
    const host = request.headers.get("host");
    // The URL has its host from the Host header, or from a request line that names one: both must be ours.
    if (!guard.isLoopbackHost(host) || url === null || !guard.isLoopbackHost(url.host)) {
      return failureAnswer(403, {
        code: "host_not_allowed",
        message: "The Host header must name a loopback address",
        hint: "Use 127.0.0.1, localhost or [::1].",
      });
    }
    const origin = request.headers.get("origin");
    if (!guard.isAllowedOrigin(origin, guard.ownOrigins(ends.localPort), this.#options.allowOrigins)) {
      return failureAnswer(403, {
        code: "origin_not_allowed",
        message: "Origin not allowed",
        hint: "Allow it with --allow-origin, spelled as the browser sends it.",
      });
    }
    const answer = await this.#route(request, url, ends);
    // The answer to an upgrade is Deno's own and must go back as it is.
    if (answer.status !== 101 && origin !== null) allowOrigin(answer.headers, origin);
    return answer;
  }

  async #route(request: Request, url: URL, ends: ConnectionEnds): Promise<Response> {
    const path = url.pathname;
    const asset = this.#ports.assets.get(path);
    const routes = this.#routes.filter((route) => route.path.test(path));
    const allowed = asset === undefined ? routes.map((route) => route.method) : ["GET"];
    const allow = [...allowed, ...(allowed.includes("GET") && path !== "/ws" ? ["HEAD"] : []), "OPTIONS"]
      .join(
        ", ",
      );
    if (request.method === "OPTIONS") return allowed.length === 0 ? notFound() : emptyAnswer({ allow });
    if (!this.#mayEnter(request, url)) {
      return failureAnswer(401, {
        code: "unauthorized",
        message: "Token missing or wrong",
        hint: "Send Authorization: Bearer TOKEN.",
      }, { "www-authenticate": "Bearer" });
    }
    if (allowed.length === 0) return notFound();
    const method = request.method === "HEAD" && path !== "/ws" ? "GET" : request.method;
    if (asset !== undefined && method === "GET") return assetAnswer(asset, ends.localPort);
    const route = routes.find((candidate) => candidate.method === method);
    if (route === undefined) {
      return failureAnswer(405, {
        code: "method_not_allowed",
        message: "Method not allowed",
        hint: `Allowed: ${allow}.`,
      }, { allow });
    }
    // Reading goes on to the end; what would begin a change now might be cut off in the middle.
    if (method !== "GET" && this.#ports.feed.isClosed) return stopping();
    try {
      const id = Number(route.path.exec(path)?.groups?.["id"] ?? 0);
      return await route.answer({ request, query: url.searchParams, id, ends });
    } catch (error) {
      return thrownAnswer(error, this.#log);
    }
  }

  #mayEnter(request: Request, url: URL): boolean {
    const isSocket = url.pathname === "/ws" || url.pathname.startsWith("/ws/");
    if (!isSocket && url.pathname !== "/api" && !url.pathname.startsWith("/api/")) return true;
    const bearer = guard.bearerToken(request.headers.get("authorization"));
    const offered = isSocket
      ? guard.webSocketTokens(request.headers, url.searchParams)
      : bearer === null
      ? []
      : [bearer];
    return offered.map(this.#isToken).includes(true);
  }

  #upgrade(request: Request, ends: ConnectionEnds): Response {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return failureAnswer(426, {
        code: "upgrade_required",
        message: "This is a WebSocket endpoint",
        hint: "Connect with a WebSocket client.",
      }, { upgrade: "websocket" });
    }
    if (this.#sockets >= (this.#options.maxSockets ?? MAX_SOCKETS) || this.#ports.feed.isClosed) {
      return failureAnswer(503, {
        code: this.#ports.feed.isClosed ? "stopping" : "too_many_clients",
        message: "Too many WebSockets",
        hint: "Try again later.",
      });
    }
    const { socket, response } = upgrade(request);
    if (socket === null) return response;
    this.#sockets++;
    const cutter = this.#cutter;
    serveWebSocket(socket, this.#ports.feed, () => this.#sockets--, {
      turns: this.#turns,
      log: this.#log,
      ...(cutter === null ? {} : { cut: () => void cutter.cut(ends) }),
      ...(this.#options.clock === undefined ? {} : { clock: this.#options.clock }),
      ...(this.#options.webSocketLimits === undefined ? {} : { limits: this.#options.webSocketLimits }),
    });
    return response;
  }
}

function upgrade(request: Request): { socket: WebSocket | null; response: Response } {
  try {
    const options = { idleTimeout: IDLE_SECONDS };
    if (!guard.subprotocols(request.headers).includes(guard.SUBPROTOCOL)) {
      return Deno.upgradeWebSocket(request, options);
    }
    // Deno splits the list at ", " exactly and throws for every other way of writing it (2.9.6), so that clients which
    // leave the space out (ws, aiohttp, websocket-client) were refused: it gets to see the one name that we answer.
    const headers = new Headers(request.headers);
    headers.set("sec-websocket-protocol", guard.SUBPROTOCOL);
    Object.defineProperty(request, "headers", { value: headers });
    return Deno.upgradeWebSocket(request, { ...options, protocol: guard.SUBPROTOCOL });
  } catch (error) {
    // Deno says so when the headers of the handshake are not complete.
    if (!(error instanceof TypeError)) throw error;
    const failure = {
      code: "bad_handshake",
      message: "The WebSocket handshake is not complete",
      hint: "Connect with a WebSocket client.",
    };
    return { socket: null, response: failureAnswer(400, failure) };
  }
}

function notFound(): Response {
  return failureAnswer(404, {
    code: "not_found",
    message: "No such endpoint",
    hint: "src/notify/PROTOCOL.md lists the paths that there are.",
  });
}

function stopping(): Response {
  return failureAnswer(503, {
    code: "stopping",
    message: "The program is stopping",
    hint: "Start it again, then try again.",
  });
}

function allowOrigin(headers: Headers, origin: string): void {
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-methods", "GET, POST, PUT");
  headers.set("access-control-allow-headers", "authorization, content-type");
  headers.set("access-control-allow-private-network", "true");
  headers.set("access-control-max-age", "600");
  headers.append("vary", "Origin");
}
