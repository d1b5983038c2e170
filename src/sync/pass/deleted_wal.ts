/** The file that was let go because its WAL was deleted, as text: to be remembered over a restart. Pure. */
import type { FileIdentity } from "../../source/source_files.ts";

export function deafenedToText(file: FileIdentity | null): string | null {
  return file === null ? null : JSON.stringify([file.device, file.inode, file.birthMs]);
}

/** Null for anything that {@link deafenedToText} did not make. */
export function deafenedFromText(text: string | null): FileIdentity | null {
  const value: unknown = text === null ? null : JSON.parse(text);
  if (!Array.isArray(value)) return null;
  const [device, inode, birthMs]: unknown[] = value;
  if (typeof device !== "number" || typeof inode !== "number") return null;
  return { device, inode, birthMs: typeof birthMs === "number" ? birthMs : null };
}
