/** Names for contacts that can't be merged yet, as an import runs: until then each is called as the merged one will be. */
import type { KnownContact, PlannedMerge, PlannedName } from "../../model/contact.ts";

/** `contacts`: as they are once the plan's names are applied. */
export function earlyNames(
  merges: readonly PlannedMerge[],
  contacts: readonly KnownContact[],
): PlannedName[] {
  const known = new Map(contacts.map((contact) => [contact.id, contact]));
  return merges.flatMap(({ fromId, intoId }) => {
    const [from, into] = [known.get(fromId), known.get(intoId)];
    if (from === undefined || into?.nameSource !== "addressbook" || from.userName !== null) return [];
    if (from.name === into.name && from.nameSource === "addressbook") return [];
    const { name, nickname, organization } = into;
    return [{ contactId: fromId, name, source: "addressbook" as const, nickname, organization }];
  });
}
