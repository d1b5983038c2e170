/**
 * Apple's dates in SQL, where nanoseconds (above 2^53) keep their value.
 *
 * Nanoseconds since 2001-01-01 UTC; seconds before macOS 10.13, and old rows of an upgraded file stay so: each value
 * decides for itself, 1e12 and above is nanoseconds. 0 is unset.
 */
export function appleTimeMs(expression: string): string {
  return `CASE WHEN coalesce(${expression}, 0) = 0 THEN NULL
               WHEN ${expression} >= 1000000000000 OR ${expression} <= -1000000000000
                 THEN CAST(${expression} AS INTEGER) / 1000000 + 978307200000
               ELSE CAST(${expression} * 1000 AS INTEGER) + 978307200000 END`;
}
