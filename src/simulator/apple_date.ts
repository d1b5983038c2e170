/** Apple counts from 2001-01-01 UTC: nanoseconds in message columns since macOS 10.13, seconds before. */
const APPLE_EPOCH_MS = 978_307_200_000;

/** `ns` since macOS 10.13; `s` in rows written before, which an upgraded file keeps as they are. */
export type DateUnit = "ns" | "s";

/** `dateMs` (since 1970 UTC) as a `date` column holds it. A BigInt, as nanoseconds exceed 2^53. */
export function appleDate(dateMs: number, unit: DateUnit = "ns"): bigint {
  return unit === "s"
    ? BigInt(Math.floor(appleSeconds(dateMs)))
    : BigInt(Math.round(dateMs - APPLE_EPOCH_MS)) * 1_000_000n;
}

/** `dateMs` (since 1970 UTC) as real seconds since 2001, as in `message_summary_info`. */
export function appleSeconds(dateMs: number): number {
  return (dateMs - APPLE_EPOCH_MS) / 1_000;
}
