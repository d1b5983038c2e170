/** Topics: what a client may ask for. */

/** Every event, transient ones too. */
export const EVERYTHING = "*";
/** The transient events; nothing stored has this topic. */
export const TRANSIENT_TOPIC = "sync";

/** Forms of a topic as the contract spells them; `N` stands for a positive integer. Exported for its test. */
export const TOPIC_FORMS = [EVERYTHING, "chats", "contacts", TRANSIENT_TOPIC, "chat:N", "contact:N"] as const;

const ROW_TOPIC = /^(?:chat|contact):([1-9]\d{0,15})$/;

export function isTopic(text: string): boolean {
  if (text === EVERYTHING || text === "chats" || text === "contacts" || text === TRANSIENT_TOPIC) return true;
  const id = ROW_TOPIC.exec(text)?.[1];
  return id !== undefined && Number.isSafeInteger(Number(id));
}
