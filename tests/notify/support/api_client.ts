/** Asks the API and reads its answers. */
import { equal } from "node:assert/strict";
import * as v from "valibot";
import { type TestServer, TOKEN } from "./server.ts";

const Failure = v.strictObject({
  error: v.strictObject({ code: v.string(), message: v.string(), hint: v.string() }),
});

export interface Answer {
  readonly status: number;
  // What the tests compare with what they expect.
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly text: string;
}

/** `path` below `/api/v1/`. */
export async function ask(server: TestServer, path: string, method = "GET"): Promise<Answer> {
  const response = await fetch(`${server.http.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  equal(response.headers.get("content-type"), "application/json; charset=utf-8");
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text };
}

/** The code of an answer that is a failure in the contract's form. */
export function codeOf({ body }: Answer): string {
  return v.parse(Failure, body).error.code;
}
