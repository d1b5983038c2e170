/**
 * Who may speak to us: pure checks on what a request says of itself.
 *
 * The Host check stops DNS rebinding (a name of somebody else's that leads to 127.0.0.1), the Origin check stops
 * pages of other sites, the token stops everybody else.
 */
import { createHash, timingSafeEqual } from "node:crypto";

/** The subprotocol that a WebSocket client offers beside `token.T`, and that we answer. */
export const SUBPROTOCOL = "chatstats.v1";
const TOKEN_SUBPROTOCOL = "token.";

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d*)?$/i;

/** Whether a Host header names this machine's loopback, with or without a port. */
export function isLoopbackHost(host: string | null): boolean {
  return host !== null && LOOPBACK_HOST.test(host);
}

/** The origins of our own page, by each name it can be reached under. */
export function ownOrigins(port: number): readonly string[] {
  return ["127.0.0.1", "localhost", "[::1]"].map((host) =>
    // A browser leaves the default port out.
    port === 80 ? `http://${host}` : `http://${host}:${port}`
  );
}

/** Exact match, as a browser sends it; `null` and `file://` are no exception. No Origin at all is fine. */
export function isAllowedOrigin(origin: string | null, own: readonly string[], allowed: readonly string[]) {
  return origin === null || own.includes(origin) || allowed.includes(origin);
}

/** The token of `Authorization: Bearer T`. */
export function bearerToken(authorization: string | null): string | null {
  return authorization === null ? null : /^bearer +(.+)$/i.exec(authorization.trim())?.[1] ?? null;
}

/** What a WebSocket client offers: in the header, the query, or beside the subprotocol. */
export function webSocketTokens(headers: Headers, query: URLSearchParams): readonly string[] {
  const offered = subprotocols(headers);
  const beside = offered.includes(SUBPROTOCOL)
    ? offered.filter((name) => name.startsWith(TOKEN_SUBPROTOCOL)).map((name) =>
      name.slice(TOKEN_SUBPROTOCOL.length)
    )
    : [];
  const bearer = bearerToken(headers.get("authorization"));
  return [...(bearer === null ? [] : [bearer]), ...query.getAll("token"), ...beside];
}

/**
 * The names that a client lists, however it writes the list: spaces and tabs around a comma, empty members and several
 * header lines (which arrive joined by a comma) all mean nothing (RFC 9110, section 5.6.1).
 */
export function subprotocols(headers: Headers): readonly string[] {
  return (headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim()).filter(Boolean);
}

/** Compares in constant time: digests are of one length, whatever was offered. */
export function tokenCheck(token: string): (offered: string) => boolean {
  const wanted = sha256(token);
  return (offered) => timingSafeEqual(wanted, sha256(offered));
}

function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text, "utf8").digest();
}
