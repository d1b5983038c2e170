/** Where the connection to the program stands; `connection.ts` has the arrows between. */
export type ConnectionState =
  | { readonly kind: "connecting" | "open" | "refused" }
  /** `atMs`: when it is tried again. */
  | { readonly kind: "waiting"; readonly atMs: number };
