/** What happens, as it happens: the newest at the top. */
import { Component } from "preact";
import { MOST_LINES } from "../feed_lines.ts";
import type { FeedLine } from "../feed_line.ts";
import type { PageState } from "../page_state.ts";
import { counted } from "../times.ts";
import { Written } from "./written.tsx";

export function FeedPanel({ page }: { readonly page: PageState }) {
  const lines = page.feed.lines.value;
  const titles = page.names.titles.value;
  return (
    <section class="panel" id="live" aria-labelledby="live-title">
      <div class="panel-head">
        <h2 id="live-title">Live</h2>
        <p class="quiet">
          {lines.length < MOST_LINES
            ? counted(page.words, lines.length, "event")
            : `the newest ${MOST_LINES}`}
        </p>
      </div>
      {/* To be reached and scrolled by keyboard. */}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="live-title">
        {lines.length === 0
          ? <p class="empty">Nothing yet. A message shows here the moment that Messages has it.</p>
          : (
            <ol class="feed">
              {lines.map((line) => (
                <FeedRow
                  key={line.seq}
                  page={page}
                  line={line}
                  title={line.chatId === null ? "" : titles.get(line.chatId) ?? ""}
                />
              ))}
            </ol>
          )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly page: PageState;
  readonly line: FeedLine;
  readonly title: string;
}

/** Drawn anew only when something of its own is another: there are hundreds, and each happening brings one. */
class FeedRow extends Component<RowProps> {
  override shouldComponentUpdate(next: Readonly<RowProps>): boolean {
    return next.line !== this.props.line || next.title !== this.props.title;
  }

  override render({ page, line, title }: RowProps) {
    const { words } = page;
    return (
      <li class={`line is-${line.kind}`}>
        <p class="line-head">
          {line.who !== "" && <b>{line.who}</b>}
          <span class="quiet where">{place(line, title)}</span>
          <time dateTime={new Date(line.atMs).toISOString()} title={words.full(line.atMs)}>
            {words.clock(line.atMs)}
          </time>
        </p>
        {(line.what !== "" || line.text !== null) && (
          <p class="line-body">
            {line.what !== "" && <span class="what">{line.what}</span>}
            {line.text !== null && <Written page={page} text={line.text} />}
          </p>
        )}
      </li>
    );
  }
}

function place({ who, fromMe }: FeedLine, title: string): string {
  if (title === "" || title === who) return "";
  if (fromMe) return `to ${title}`;
  return who === "" ? title : `in ${title}`;
}
