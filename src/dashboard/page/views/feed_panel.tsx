/** What happens, as it happens: the newest at the top. */
import { Component } from "preact";
import { MOST_LINES } from "../feed_lines.ts";
import type { FeedLine } from "../feed_line.ts";
import { headOf } from "../feed_head.ts";
import { cutShort } from "../messages_at_hand.ts";
import type { PageState } from "../page_state.ts";
import { counted } from "../times.ts";
import { Written } from "./written.tsx";

export function FeedPanel({ page }: { readonly page: PageState }) {
  const lines = page.feed.lines.value;
  const chats = page.names.chats.value;
  const merges = page.names.merges.value;
  const messages = page.messagesAtHand.value;
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
              {lines.map((line) => {
                const chat = line.chatId === null ? undefined : chats.get(line.chatId);
                const about = line.about === null ? undefined : messages.get(line.about.message);
                const merge = line.merge === null ? undefined : merges.get(line.merge.id);
                return (
                  <FeedRow
                    key={line.seq}
                    page={page}
                    line={line}
                    {...headOf(line, { chat, about, merge })}
                    quoted={line.kind === "reaction" ? about?.text ?? null : null}
                  />
                );
              })}
            </ol>
          )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly page: PageState;
  readonly line: FeedLine;
  readonly who: string;
  readonly where: string;
  readonly what: string;
  /** What the message says that the line is about; null where it is not at hand. */
  readonly quoted: string | null;
}

/** Drawn anew only when something of its own is another: there are hundreds, and each happening brings one. */
class FeedRow extends Component<RowProps> {
  override shouldComponentUpdate({ line, who, where, what, quoted }: Readonly<RowProps>): boolean {
    const { props } = this;
    return line !== props.line || who !== props.who || where !== props.where || what !== props.what ||
      quoted !== props.quoted;
  }

  override render({ page, line, who, where, what, quoted }: RowProps) {
    const { words } = page;
    return (
      <li class={`line is-${line.kind}`}>
        <p class="line-head">
          {who !== "" && <b>{who}</b>}
          <span class="quiet where">{where}</span>
          <time dateTime={new Date(line.atMs).toISOString()} title={words.full(line.atMs)}>
            {words.clock(line.atMs)}
          </time>
        </p>
        {(what !== "" || line.text !== null) && (
          <p class="line-body">
            {what !== "" && (
              <span class="what">
                {what}
                {quoted !== null && <Quote page={page} word={line.about?.word ?? ""} text={quoted} />}
              </span>
            )}
            {line.text !== null && <Written page={page} text={line.text} />}
          </p>
        )}
      </li>
    );
  }
}

interface QuoteProps {
  readonly page: PageState;
  readonly word: string;
  readonly text: string;
}

/** While words are hidden, a bar would say nothing here that the line does not. */
function Quote({ page, word, text }: QuoteProps) {
  if (!page.text.isShown.value) return null;
  return (
    <>
      {` ${word} “`}
      <bdi>{cutShort(text)}</bdi>”
    </>
  );
}
