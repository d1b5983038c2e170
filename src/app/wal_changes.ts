/** What sync/ asks of the reader of the source's WAL, made of watch/. */
import { LiveSyncError } from "../model/errors.ts";
import type { ChangeReader, ChangeReading } from "../sync/pass/changed_rows.ts";
import { cursorFromText, cursorToText } from "../watch/wal_cursor.ts";
import { WalFollower, type WalReading } from "../watch/wal_follower.ts";

export interface WalChanges extends ChangeReader {
  /** Reads what is written now, so that the next reading has less to do. Never throws. */
  readAhead(): void;
}

export function walChanges(messagesDb: string): WalChanges {
  let follower: WalFollower | null = null;
  let place: string | null = null;
  return {
    startAt(stored) {
      follower = null;
      place = stored;
    },
    readAhead() {
      try {
        follower?.readAhead();
      } catch (error) {
        // The reading that counts meets it, too, and says so.
        if (!(error instanceof LiveSyncError)) throw error;
      }
    },
    read() {
      try {
        // SQLite keeps the WAL beside the file that a link leads to; the file may come later than we do.
        follower ??= new WalFollower(
          Deno.realPathSync(messagesDb),
          place === null ? null : cursorFromText(place),
        );
        return readingOf(follower, follower.read());
      } catch (error) {
        if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
          return unread(
            new LiveSyncError("wal_unreadable", "Cannot read the WAL: the file is not there", "", {
              cause: error,
            }),
          );
        }
        if (error instanceof LiveSyncError) return unread(error);
        throw error;
      }
    },
  };
}

function readingOf(follower: WalFollower, reading: WalReading): ChangeReading {
  return {
    changed: [reading.changed, reading.again],
    gap: reading.gap,
    place: reading.place === null ? null : cursorToText(reading.place.sure),
    failure: null,
    accept: () => follower.accept(reading),
  };
}

function unread(failure: LiveSyncError): ChangeReading {
  return { changed: [], gap: true, place: null, failure, accept: () => {} };
}
