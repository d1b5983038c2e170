/** The foot of a list that is longer than what is shown. */
import type { PagedState } from "../paged_list.ts";

interface ListEndProps {
  readonly state: PagedState<unknown>;
  readonly label: string;
  onMore(): void;
}

export function ListEnd({ state, label, onMore }: ListEndProps) {
  if (state.trouble !== "") return <p class="empty" role="alert">{state.trouble}</p>;
  if (state.items === null) return <p class="empty">Reading …</p>;
  if (state.next === null) return null;
  return <button type="button" class="more" onClick={onMore}>{label}</button>;
}
