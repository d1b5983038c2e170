/** Words that somebody wrote: as they are, or, while they are hidden, a bar of about their length. */
import type { PageState } from "../page_state.ts";

interface WrittenProps {
  readonly page: PageState;
  readonly text: string;
}

export function Written({ page, text }: WrittenProps) {
  if (page.text.isShown.value) return <span class="written" dir="auto">{text}</span>;
  // Steps, not the very length: that would tell something, too.
  const step = Math.min(5, 1 + Math.floor(text.length / 16));
  return <span class={`veil veil-${step}`} aria-hidden="true" />;
}
