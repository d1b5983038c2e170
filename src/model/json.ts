/** JSON of our own that was stored or sent: what it is, nobody has checked yet. */

/** The value's fields; none where it is no object. A list gives its items by index. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
