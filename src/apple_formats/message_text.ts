/** U+FFFC stands in a text for each attachment. */
const ATTACHMENT_PLACEHOLDER = "\uFFFC";

/** The words of a decoded body as `content` has them: without attachment placeholders, otherwise as they are. */
export function withoutPlaceholders(text: string): string {
  return text.includes(ATTACHMENT_PLACEHOLDER) ? text.replaceAll(ATTACHMENT_PLACEHOLDER, "") : text;
}
