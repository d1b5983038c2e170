/** One message with what belongs to it: reactions, files, earlier versions. */
import { tapbackSign } from "../../../model/event_words.ts";
import type { PageState } from "../page_state.ts";
import type { MessageItem } from "../wire.ts";
import { Written } from "./written.tsx";

interface MessageProps {
  readonly page: PageState;
  readonly message: MessageItem;
  /** The day that begins here; empty for none. */
  readonly day: string;
  readonly isNewSender: boolean;
}

export function MessageView({ page, message, day, isNewSender }: MessageProps) {
  const { words } = page;
  return (
    <>
      {day !== "" && <li class="day">{day}</li>}
      <li class={message.is_from_me ? "message mine" : "message"}>
        {isNewSender && <p class="sender">{message.is_from_me ? "You" : message.sender_name ?? "Somebody"}
        </p>}
        <div class="bubble">
          <Said page={page} message={message} />
          {message.attachments.map((file) => (
            <p key={file.id} class="file">
              <span aria-hidden="true">📎</span> {file.file_name ?? "a file without a name"}
              {file.size !== null && <small>{words.size(file.size)}</small>}
            </p>
          ))}
          {message.timestamp !== null && (
            <time dateTime={new Date(message.timestamp).toISOString()} title={words.full(message.timestamp)}>
              {words.minute(message.timestamp)}
            </time>
          )}
        </div>
        <Reactions page={page} message={message} />
        <Edits page={page} message={message} />
        {message.send_error !== null && <p class="failed">Could not be sent</p>}
      </li>
    </>
  );
}

function Said({ page, message }: Pick<MessageProps, "page" | "message">) {
  if (message.deleted_at !== null && message.content === null) return <p class="gone">Deleted</p>;
  if (message.content === null) {
    if (message.date_retracted !== null) return <p class="gone">Unsent</p>;
    return message.attachments.length > 0 ? null : <p class="gone">No text</p>;
  }
  return (
    <p>
      <Written page={page} text={message.content} />
      {message.deleted_at !== null && <span class="gone">(in Recently Deleted)</span>}
      {message.date_retracted !== null && <span class="gone">(a part was unsent)</span>}
    </p>
  );
}

function Reactions({ page, message }: Pick<MessageProps, "page" | "message">) {
  if (message.reactions.length === 0) return null;
  return (
    <ul class="reactions" aria-label="Reactions">
      {message.reactions.map(({ id, sender_id, sender_name, reaction_type, emoji }) => (
        <li key={id}>
          {tapbackSign(reaction_type, emoji)}{" "}
          <span>{page.names.isMe(sender_id) ? "You" : sender_name ?? "Somebody"}</span>
        </li>
      ))}
    </ul>
  );
}

/** The last version is the message itself. */
function Edits({ page, message }: Pick<MessageProps, "page" | "message">) {
  const last = new Map(message.edits.map(({ part, version }) => [part, version]));
  const earlier = message.edits.filter(({ part, version }) => version !== last.get(part));
  if (earlier.length === 0) return null;
  return (
    <details class="edits">
      <summary>Edited</summary>
      <ol>
        {earlier.map(({ part, version, content, edited_at }) => (
          <li key={`${part}.${version}`}>
            {content === null ? "no text" : <Written page={page} text={content} />}
            {edited_at !== null && <time>{page.words.clock(edited_at)}</time>}
          </li>
        ))}
      </ol>
    </details>
  );
}
