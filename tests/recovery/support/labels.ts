/** The named steps, by what a sidecar has to be at when it passes them. The test compares with the source. */

export const LABELS = {
  migration: ["migration.before_commit"],
  upgrade: ["backup.before_rename"],
  import: [
    "import.begin.before_commit",
    "import.begin.after_commit",
    "import.finish.before_transaction",
    "import.finish.in_transaction",
    "import.finish.before_commit",
    "import.finish.after_commit",
    "import.done.not_told",
  ],
  pass: [
    "pass.before_transaction",
    "pass.in_transaction",
    "pass.before_commit",
    "pass.after_commit",
    "announce.before",
    "announce.after",
  ],
  replaced: ["replaced.before_commit", "replaced.after_commit", "replaced.forget.before_commit"],
  contacts: [
    "contacts.cards.before_commit",
    "contacts.store.before_commit",
    "contacts.follow.before",
    "contacts.shares.before_commit",
    "contacts.merge.before_commit",
    "contacts.names.before_commit",
    "contacts.first.before_commit",
  ],
  contactsLater: ["contacts.undo.before_commit", "contacts.rename.before_commit"],
  prune: ["prune.before_commit", "prune.after_commit"],
  conversations: ["conversations.before_commit", "conversations.after_commit"],
} as const;

/** Every `probe("…")` under src/. */
export function labelsInSource(folder: URL = new URL("../../../src/", import.meta.url)): string[] {
  const found = new Set<string>();
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) {
      for (const label of labelsInSource(new URL(`${name}/`, folder))) found.add(label);
    } else if (name.endsWith(".ts")) {
      const source = Deno.readTextFileSync(new URL(name, folder));
      for (const [, label] of source.matchAll(/probe\)?(?:\?\.)?\(\s*"([^"]+)"/gi)) {
        if (label !== undefined) found.add(label);
      }
    }
  }
  return [...found].toSorted();
}
