/** The chats with the last word of each; one opened takes their place until it is closed. */
import type { PageState } from "../page_state.ts";
import { apart, sharedTitles } from "../same_titles.ts";
import type { ChatItem, LastMessage } from "../wire.ts";
import { ChatView } from "./chat_view.tsx";
import { ListEnd } from "./list_end.tsx";
import { Written } from "./written.tsx";

export function ChatsPanel({ page }: { readonly page: PageState }) {
  const open = page.openChat.value;
  return (
    <section class="panel" id="chats" aria-labelledby="chats-title">
      {open ? <ChatView key={open.id} page={page} chat={open} /> : <ChatList page={page} />}
    </section>
  );
}

function ChatList({ page }: { readonly page: PageState }) {
  const state = page.chats.state.value;
  const shared = sharedTitles(state.items ?? []);
  return (
    <>
      <div class="panel-head">
        <h2 id="chats-title" tabIndex={-1}>Chats</h2>
        <p class="quiet">{page.status.value ? page.words.count(page.status.value.database.chats) : ""}</p>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="chats-title">
        <ul class="rows">
          {state.items?.map((chat) => (
            <ChatRow
              key={chat.id}
              page={page}
              chat={chat}
              apart={shared.has(chat.title) ? apart(chat) : ""}
            />
          ))}
        </ul>
        {state.items?.length === 0 && <p class="empty">No chats yet.</p>}
        <ListEnd state={state} label="More chats" onMore={() => page.chats.more()} />
      </div>
    </>
  );
}

interface RowProps {
  readonly page: PageState;
  readonly chat: ChatItem;
  /** What tells it from another chat of the same title; empty where there is none. */
  readonly apart: string;
}

function ChatRow({ page, chat, apart }: RowProps) {
  const { words } = page;
  return (
    <li>
      <button type="button" class="row" data-chat={chat.id} onClick={() => page.open(chat)}>
        <span class={`face tint-${chat.id % 6}${chat.is_group ? " group" : ""}`} aria-hidden="true">
          {initials(chat.title)}
        </span>
        <span class="row-main">
          <span class="row-head">
            <b>{chat.title}</b>
            {apart !== "" && <small class="quiet apart">{apart}</small>}
            {chat.last_message_date !== null && (
              <time
                dateTime={new Date(chat.last_message_date).toISOString()}
                title={words.full(chat.last_message_date)}
              >
                {words.brief(chat.last_message_date, Date.now())}
              </time>
            )}
          </span>
          <span class="row-text">
            <LastWord page={page} chat={chat} />
            <span class="count">
              {words.count(chat.total_messages)}
              <span class="unseen">{chat.total_messages === 1 ? "message" : "messages"}</span>
            </span>
          </span>
        </span>
      </button>
    </li>
  );
}

function LastWord({ page, chat }: Pick<RowProps, "page" | "chat">) {
  const last = chat.last_message;
  if (!last) return <span class="last quiet" />;
  const who = last.is_from_me ? "You: " : chat.is_group && last.sender_name ? `${last.sender_name}: ` : "";
  return (
    <span class="last quiet">
      {who !== "" && <span class="by">{who}</span>}
      {last.content !== null
        ? <Written page={page} text={last.content} />
        : <span class="written">{withoutText(last)}</span>}
    </span>
  );
}

function withoutText({ date_retracted, attachments }: LastMessage): string {
  if (date_retracted !== null) return "unsent a message";
  return attachments > 0 ? "sent a file" : "no text";
}

/** The first letters of up to two words; a number has none. */
function initials(title: string): string {
  const letters = title.split(/\s+/).map((word) => [...word][0] ?? "").filter((sign) => /\p{L}/u.test(sign));
  return letters.length === 0
    ? "#"
    : [letters[0], letters.length > 1 ? letters.at(-1) : ""].join("").toUpperCase();
}
