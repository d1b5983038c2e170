/** One chat: its messages in the order they were written, the newest in sight. */
import { useEffect, useRef } from "preact/hooks";
import type { PageState } from "../page_state.ts";
import type { MessageItem } from "../wire.ts";
import { ListEnd } from "./list_end.tsx";
import { MessageView } from "./message_view.tsx";

interface ChatProps {
  readonly page: PageState;
  readonly chat: { readonly id: number; readonly title: string };
}

export function ChatView({ page, chat }: ChatProps) {
  const state = page.messages.state.value;
  const heading = useRef<HTMLHeadingElement>(null);
  // What was under the finger is gone: the reader goes where it led.
  useEffect(() => heading.current?.focus(), []);
  const close = () => {
    page.open(null);
    requestAnimationFrame(() => focusChat(chat.id));
  };
  useEscape(close);
  const title = page.names.chats.value.get(chat.id)?.title ?? chat.title;
  const messages = [...state.items ?? []].reverse();
  return (
    <div class="chat">
      <div class="panel-head">
        <button type="button" class="link back" onClick={close}>
          <span aria-hidden="true">‹</span> Chats
        </button>
        <h2 id="chats-title" ref={heading} tabIndex={-1}>{title}</h2>
      </div>
      <div class="scroll from-end" tabIndex={0} role="group" aria-labelledby="chats-title">
        <div>
          <ListEnd state={state} label="Earlier messages" onMore={() => page.messages.more()} />
          {state.items?.length === 0 && <p class="empty">No messages.</p>}
          <ol class="messages">
            {messages.map((message, at) => (
              <MessageView
                key={message.id}
                page={page}
                message={message}
                day={newDay(page, message, messages[at - 1])}
                isNewSender={message.sender_id !== messages[at - 1]?.sender_id}
              />
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}

/** Wherever the focus is: what had it may just have gone. A form that takes Escape for itself says so. */
function useEscape(act: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** The day that begins with this message; empty when it is that of the one before. */
function newDay({ words }: PageState, message: MessageItem, before: MessageItem | undefined): string {
  if (message.timestamp === null) return "";
  const day = words.date(message.timestamp);
  return typeof before?.timestamp === "number" && words.date(before.timestamp) === day ? "" : day;
}

function focusChat(id: number): void {
  document.querySelector<HTMLElement>(`[data-chat="${id}"]`)?.focus();
}
