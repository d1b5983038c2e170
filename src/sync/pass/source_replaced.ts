/** How a pass says that it must not compare, and what that means to whoever asked for it. */
import { LiveSyncError } from "../../model/errors.ts";

/** The source's content is not the one that the watermarks belong to. */
export class SourceReplaced extends LiveSyncError {
  override readonly name = "ContentReplaced";
  constructor() {
    super(
      "source_replaced",
      "Cannot compare as Messages' database was replaced",
      "All of it is read again by itself.",
    );
  }
}

/** What `pass` gives; null: it kept nothing, as the source's content is not the one that the watermarks belong to. */
export function unlessReplaced<T>(pass: () => T): T | null {
  try {
    return pass();
  } catch (error) {
    if (error instanceof SourceReplaced) return null;
    throw error;
  }
}
