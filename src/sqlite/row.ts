/** Typed reads of a row's columns: a value of another type than expected is an error, never a guess. */
import { LiveSyncError } from "../model/errors.ts";
import type { Row } from "./sqlite.ts";

function wrong(column: string, wanted: string): LiveSyncError {
  return new LiveSyncError("unexpected_column", `Cannot read column ${column} as ${wanted}`);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw wrong(column, "an integer");
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw wrong(column, "text");
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}
