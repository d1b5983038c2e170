/** Core Data's entities in a store of the AddressBook, in the order of their numbers. */

/** Name, and the entity that it is a kind of. */
const ENTITIES = [
  ["ABCDAddressingGrammar", null],
  ["ABCDAlertTone", null],
  ["ABCDCalendarURI", null],
  ["ABCDContactDate", null],
  ["ABCDContactIndex", null],
  ["ABCDCustomProperty", null],
  ["ABCDCustomPropertyValue", null],
  ["ABCDDateComponents", null],
  ["ABCDDeletedRecordLog", null],
  ["ABCDDistributionListConfig", null],
  ["ABCDEmailAddress", null],
  ["ABCDLikeness", null],
  ["ABCDMessagingAddress", null],
  ["ABCDNote", null],
  ["ABCDPhoneNumber", null],
  ["ABCDPostalAddress", null],
  ["ABCDRecord", null],
  ["ABCDAbstractGroup", "ABCDRecord"],
  ["ABCDGroup", "ABCDAbstractGroup"],
  ["ABCDSubscribedGroup", "ABCDGroup"],
  ["ABCDSmartGroup", "ABCDAbstractGroup"],
  ["ABCDContact", "ABCDRecord"],
  ["ABCDSubscribedContact", "ABCDContact"],
  ["ABCDInfo", "ABCDRecord"],
  ["CNCDContainer", "ABCDRecord"],
  ["ABCDRelatedName", null],
  ["ABCDRemoteLocation", null],
  ["ABCDService", null],
  ["ABCDSocialProfile", null],
  ["ABCDUnknownProperty", null],
  ["ABCDURLAddress", null],
  ["CNCDChangeHistoryClient", null],
  ["CNCDProviderMetadata", null],
  ["CNCDUnifiedContactInfo", null],
] as const;

export type EntityName = typeof ENTITIES[number][0];

export interface Entity {
  readonly name: EntityName;
  readonly number: number;
  /** 0: none. */
  readonly superNumber: number;
}

/** The entities of a model in which all numbers are `shift` higher than in today's: with each release they may move. */
export function entities(shift: number): readonly Entity[] {
  const numberOf = (name: EntityName | null) =>
    name === null ? 0 : ENTITIES.findIndex(([each]) => each === name) + 1 + shift;
  return ENTITIES.map(([name, parent]) => ({
    name,
    number: numberOf(name),
    superNumber: numberOf(parent),
  }));
}

/** A schema of today's model with the entity numbers in its column names (`Z22_OWNER`) moved by `shift`. */
export function shiftedSchema(schema: string, shift: number): string {
  return schema.replace(
    /\bZ(_?)(18|19|22)(?=[_A-Z])/g,
    (_all, gap: string, number: string) => `Z${gap}${Number(number) + shift}`,
  );
}
