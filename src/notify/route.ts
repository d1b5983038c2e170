/** What answers under one path: the form that all routes share. */
import type { ConnectionEnds } from "../platform/connection_cutter.ts";

export type Method = "GET" | "POST" | "PUT";

export interface Route {
  readonly method: Method;
  /** Of the whole path; a group called `id` is the number of what is meant. */
  readonly path: RegExp;
  answer(call: Call): Response | Promise<Response>;
}

export interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** The number in the path; 0 where the route has none. */
  readonly id: number;
  readonly ends: ConnectionEnds;
}
