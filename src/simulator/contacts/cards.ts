/** What Contacts leaves in a store when somebody adds, edits, links or deletes a card. */
import { LiveSyncError } from "../../model/errors.ts";
import { integer } from "../../sqlite/row.ts";
import type { SqlValue } from "../../sqlite/sqlite.ts";
import { appleSeconds } from "../apple_date.ts";
import type { SeededRandom } from "../random.ts";
import type { CardEdit, NewCard } from "./inputs.ts";
import type { AddressBookStore } from "./store.ts";

export interface CardContext {
  readonly store: AddressBookStore;
  readonly random: SeededRandom;
  readonly nowMs: number;
}

type Fields = Omit<NewCard, "store" | "uniqueId" | "subscribed">;

/** Gives the card's key. */
export function insertCard(context: CardContext, card: NewCard): { uniqueId: string; record: number } {
  const { store, random } = context;
  const uniqueId = card.uniqueId ?? `${random.uuid()}:ABPerson`;
  const record = store.nextKey("ABCDRecord");
  const container = store.container();
  store.tables.insert("ZABCDRECORD", {
    Z_PK: record,
    Z_ENT: store.entity(card.subscribed ? "ABCDSubscribedContact" : "ABCDContact"),
    Z_OPT: 1,
    ZUNIQUEID: uniqueId,
    ZCONTAINER1: container,
    ZDISPLAYFLAGS: 0,
    ZCREATIONDATE: appleSeconds(card.dateMs ?? context.nowMs),
  });
  writeFields(context, record, card);
  return { uniqueId, record };
}

/** Gives the card's key. Throws `no_such_row`. */
export function updateCard(context: CardContext, { store: _, uniqueId, ...fields }: CardEdit): number {
  const record = recordOf(context.store, uniqueId);
  context.store.db.prepare("UPDATE ZABCDRECORD SET Z_OPT = Z_OPT + 1 WHERE Z_PK = :record").run({ record });
  writeFields(context, record, fields);
  return record;
}

/** The card's rows are gone; its id stays in the log of deletions. Throws `no_such_row`. */
export function removeCard({ store, random }: CardContext, uniqueId: string): number {
  const record = recordOf(store, uniqueId);
  for (const table of ["ZABCDPHONENUMBER", "ZABCDEMAILADDRESS"]) {
    store.db.prepare(`DELETE FROM ${table} WHERE ZOWNER = :record`).run({ record });
  }
  store.db.prepare("UPDATE ZABCDRECORD SET ZME = NULL WHERE ZME = :record").run({ record });
  store.db.prepare("DELETE FROM ZABCDRECORD WHERE Z_PK = :record").run({ record });
  store.tables.insert("ZABCDDELETEDRECORDLOG", {
    Z_PK: store.nextKey("ABCDDeletedRecordLog"),
    Z_ENT: store.entity("ABCDDeletedRecordLog"),
    Z_OPT: 1,
    ZCONTAINER: store.container(),
    ZDELETEDRECORDUNIQUEID: uniqueId,
    ZUNIQUEID: random.uuid(),
  });
  return record;
}

function recordOf(store: AddressBookStore, uniqueId: string): number {
  const row = store.db.prepare("SELECT Z_PK FROM ZABCDRECORD WHERE ZUNIQUEID = :uniqueId").get({ uniqueId });
  if (row) return integer(row, "Z_PK");
  throw new LiveSyncError("no_such_row", `Cannot go on: the store has no card with this id: ${uniqueId}`);
}

function writeFields(context: CardContext, record: number, fields: Fields): void {
  const { store } = context;
  const given: Record<string, SqlValue | undefined> = {
    ZFIRSTNAME: fields.firstName,
    ZMIDDLENAME: fields.middleName,
    ZLASTNAME: fields.lastName,
    ZTITLE: fields.prefix,
    ZSUFFIX: fields.suffix,
    ZNICKNAME: fields.nickname,
    ZORGANIZATION: fields.organization,
    ZLINKID: fields.linkId,
    ZPREFERREDFORLINKNAME: fields.preferredForName === undefined
      ? undefined
      : Number(fields.preferredForName),
    ZMODIFICATIONDATE: appleSeconds(fields.dateMs ?? context.nowMs),
  };
  const values = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  );
  store.tables.update("ZABCDRECORD", record, values);
  if (fields.isCompany !== undefined) setFlags(store, record, 7, fields.isCompany ? 1 : 0);
  if (fields.nameOrder !== undefined) setFlags(store, record, 56, NAME_ORDERS[fields.nameOrder]);
  if (fields.isMe !== undefined) setMe(store, record, fields.isMe);
  if (fields.phones !== undefined) writePhones(context, record, fields.phones);
  if (fields.emails !== undefined) writeEmails(context, record, fields.emails);
}

const NAME_ORDERS = { default: 0, first_name_first: 32, last_name_first: 16 } as const;

function setFlags(store: AddressBookStore, record: number, mask: number, flags: number): void {
  store.db.prepare(
    `UPDATE ZABCDRECORD SET ZDISPLAYFLAGS = (coalesce(ZDISPLAYFLAGS, 0) & ~:mask) | :flags
      WHERE Z_PK = :record`,
  ).run({ record, mask, flags });
}

function setMe(store: AddressBookStore, record: number, isMe: boolean): void {
  const container = store.container();
  if (isMe) {
    store.db.prepare(
      `UPDATE ZABCDRECORD SET ZCONTAINERWHERECONTACTISME = NULL
        WHERE ZCONTAINERWHERECONTACTISME = :container`,
    ).run({ container });
  }
  store.tables.update("ZABCDRECORD", record, { ZCONTAINERWHERECONTACTISME: isMe ? container : null });
  store.tables.update("ZABCDRECORD", container, { ZME: isMe ? record : null });
}

function writePhones(context: CardContext, record: number, phones: readonly string[]): void {
  context.store.db.prepare("DELETE FROM ZABCDPHONENUMBER WHERE ZOWNER = :record").run({ record });
  phones.forEach((phone, position) =>
    context.store.tables.insert("ZABCDPHONENUMBER", {
      ...detail(context, "ABCDPhoneNumber", record, position),
      ZFULLNUMBER: phone,
      ZLASTFOURDIGITS: phone.replace(/\D/g, "").slice(-4),
      ZLABEL: "_$!<Mobile>!$_",
    })
  );
}

function writeEmails(context: CardContext, record: number, emails: readonly string[]): void {
  context.store.db.prepare("DELETE FROM ZABCDEMAILADDRESS WHERE ZOWNER = :record").run({ record });
  emails.forEach((email, position) =>
    context.store.tables.insert("ZABCDEMAILADDRESS", {
      ...detail(context, "ABCDEmailAddress", record, position),
      ZADDRESS: email,
      ZADDRESSNORMALIZED: email.toLowerCase(),
      ZLABEL: "_$!<Home>!$_",
    })
  );
}

function detail(
  { store, random }: CardContext,
  entity: "ABCDPhoneNumber" | "ABCDEmailAddress",
  owner: number,
  position: number,
): Record<string, SqlValue> {
  return {
    Z_PK: store.nextKey(entity),
    Z_ENT: store.entity(entity),
    Z_OPT: 1,
    ZISPRIMARY: position === 0 ? 1 : 0,
    ZORDERINGINDEX: position,
    ZOWNER: owner,
    [store.ownerColumn()]: store.entity("ABCDContact"),
    ZUNIQUEID: random.uuid(),
  };
}
