/** Responses in the forms that the contract gives them. */

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** On every response; `Cache-Control` too, since what we show changes and stays on this machine. */
const ALWAYS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
} as const;

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return jsonTextAnswer(status, JSON.stringify(body), headers);
}

/** `body` is JSON already. */
export function jsonTextAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: { ...ALWAYS, "content-type": "application/json; charset=utf-8", ...headers },
  });
}

export function failureAnswer(
  status: number,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return jsonAnswer(status, { error: failure }, headers);
}

export function emptyAnswer(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers: { ...ALWAYS, ...headers } });
}

export interface Asset {
  readonly body: string;
  readonly contentType: string;
}

/** A static file of the dashboard. Nothing inline, nothing from elsewhere, no framing. */
export function assetAnswer(asset: Asset, port: number): Response {
  // 'self' covers ws: only in newer browsers; an IPv6 address is no valid source there.
  const sockets = `ws://127.0.0.1:${port} ws://localhost:${port}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  return new Response(asset.body, {
    headers: {
      ...ALWAYS,
      "content-type": asset.contentType,
      "content-security-policy": policy,
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
    },
  });
}
