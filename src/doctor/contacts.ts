/** The AddressBook: its folder, and each store in it. */
import { LiveSyncError } from "../model/errors.ts";
import { discoverStores } from "../source/address_book.ts";
import { examineStore } from "../source/examine.ts";
import { type Check, failed, passed, SEE_PERMISSION } from "./check.ts";

export interface ContactsFindings {
  readonly check: Check;
  /** What the system does not let us read: the folder, or stores. */
  readonly forbidden: readonly string[];
}

/** `isNamed`: somebody named the folder, so that it should be there; the usual one is missing where Contacts was never used. */
export function checkContacts(folder: string, isNamed: boolean): ContactsFindings {
  const found = discoverStores(folder);
  switch (found.kind) {
    case "found":
      return checkStores(folder, found.paths);
    case "forbidden":
      return {
        check: failed(
          "contacts",
          `Cannot read the contacts in ${folder}: ${found.reason}.`,
          SEE_PERMISSION,
        ),
        forbidden: [folder],
      };
    case "missing":
      return without(
        isNamed
          ? failed(
            "contacts",
            `${folder} not found: the folder that --addressbook-dir names does not exist.`,
            "Check how it is written, or leave the flag out to use the folder of Contacts.",
          )
          : passed(
            "contacts",
            `${folder} is not there (Contacts was never used): people are shown by their numbers.`,
          ),
      );
    case "unusable":
      return without(
        failed(
          "contacts",
          `Cannot read the contacts in ${folder}: ${found.reason}.`,
          "Check the disk, and the folder that --addressbook-dir names.",
        ),
      );
  }
}

function without(check: Check): ContactsFindings {
  return { check, forbidden: [] };
}

function checkStores(folder: string, paths: readonly string[]): ContactsFindings {
  let cards = 0;
  const broken: { path: string; error: LiveSyncError }[] = [];
  for (const path of paths) {
    try {
      cards += examineStore(path);
    } catch (error) {
      if (!(error instanceof LiveSyncError)) throw error;
      // Taken away since the folder was listed.
      if (error.code !== "contacts_missing") broken.push({ path, error });
    }
  }
  if (broken.length === 0) {
    return without(passed("contacts", storesText(folder, paths.length, cards)));
  }
  const forbidden = broken.filter(({ error }) => error.code === "contacts_forbidden");
  const fixes = broken.map(({ error }) => error.code === "contacts_forbidden" ? SEE_PERMISSION : error.hint);
  return {
    check: failed(
      "contacts",
      broken.map(({ error }) => `${error.message}.`).join(" "),
      [...new Set(fixes)].join(" "),
    ),
    forbidden: forbidden.map(({ path }) => path),
  };
}

/** Exported for its test. */
export function storesText(folder: string, stores: number, cards: number): string {
  if (stores === 0) return `${folder} holds no contacts yet: people are shown by their numbers.`;
  const all = cards === 1 ? "1 contact" : `${cards} contacts`;
  return stores === 1
    ? `${all} in ${folder} can be read.`
    : `${all} of ${stores} accounts in ${folder} can be read.`;
}
