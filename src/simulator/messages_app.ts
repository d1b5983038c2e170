import { type Clock, systemClock } from "../platform/clock.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { attach, joinAttachment, updateAttachment } from "./operations/attachments.ts";
import {
  addHandle,
  changeChat,
  changeHandle,
  changeMembers,
  createChat,
  createGroup,
  deleteChat,
  joinChatHandles,
} from "./operations/chats.ts";
import { checkpoint } from "./operations/checkpoint.ts";
import { type AppContext, commit, type Me } from "./operations/context.ts";
import { deleteForGood, deleteMessage, recoverMessage } from "./operations/deletion.ts";
import { editText, unsend } from "./operations/edits.ts";
import { addHappening } from "./operations/happenings.ts";
import type * as inputs from "./operations/inputs.ts";
import { addMessage, changeColumns, joinMessage, mark } from "./operations/messages.ts";
import type {
  CheckpointResult,
  Rowid,
  Written,
  WrittenMessage,
  WrittenTapback,
} from "./operations/results.ts";
import { addTapback, removeTapback } from "./operations/tapbacks.ts";
import { upgrade } from "./operations/upgrade.ts";
import { SeededRandom } from "./random.ts";
import { TableWriter } from "./table_writer.ts";

const DEFAULT_ME: Me = { phone: "+12125550100", email: "me@example.com" };

export interface MessagesAppOptions {
  /** Where dates come from when an operation names none. Default: the system's. */
  readonly clock?: Clock;
  /** Where GUIDs come from. Default: seed 1. */
  readonly random?: SeededRandom;
  readonly me?: Me;
}

/**
 * A simulated Messages app over an open `chat.db`: each operation is one commit and leaves the rows that Messages
 * would leave, as far as facts/messages-db.md knows them. It does not close the connection.
 *
 * The inputs are documented in `operations/inputs.ts`. What is left for later (`joinLater`) is remembered by this
 * object alone.
 */
export class MessagesApp {
  readonly #context: AppContext;

  constructor(db: Connection, options: MessagesAppOptions = {}) {
    this.#context = {
      db,
      tables: new TableWriter(db),
      clock: options.clock ?? systemClock,
      random: options.random ?? new SeededRandom(1),
      me: options.me ?? DEFAULT_ME,
      waitingMembers: new Map(),
      waitingMessages: new Map(),
      waitingAttachments: new Map(),
    };
  }

  get db(): Connection {
    return this.#context.db;
  }

  get clock(): Clock {
    return this.#context.clock;
  }

  get random(): SeededRandom {
    return this.#context.random;
  }

  get me(): Me {
    return this.#context.me;
  }

  /** Makes one commit of all operations in `work`. */
  inOneCommit<T>(work: () => T): T {
    return commit(this.#context, work);
  }

  /** The handle row of (address, service), made if missing; the other operations do so themselves. */
  addHandle(input: inputs.NewHandle): Rowid {
    return addHandle(this.#context, input);
  }
  /** A 1:1 chat (style 45). */
  createChat(input: inputs.NewChat): Written {
    return createChat(this.#context, input);
  }
  /** A group (style 43). */
  createGroup(input: inputs.NewGroup): Written {
    return createGroup(this.#context, input);
  }
  /** The chat_handle_join rows of a chat made with `joinLater`. */
  joinChatHandles(input: inputs.ChatRef): Written {
    return joinChatHandles(this.#context, input);
  }
  /** A chat away for good, with its messages. */
  deleteChat(input: inputs.ChatRef): Written {
    return deleteChat(this.#context, input);
  }

  /** Another name, archived or not; no message tells of it. */
  changeChat(input: inputs.ChatChange): Written {
    return changeChat(this.#context, input);
  }
  /** Members come and go without a message that tells of it, as when another device did it. */
  changeMembers(input: inputs.MemberChange): Written {
    return changeMembers(this.#context, input);
  }
  /** A handle's row names another address from now on. */
  changeHandle(input: inputs.HandleChange): Rowid {
    return changeHandle(this.#context, input);
  }

  /** A message from me or from somebody, perhaps with attachments. */
  message(input: inputs.NewMessage): WrittenMessage {
    return addMessage(this.#context, input);
  }
  /** The chat_message_join row of a message written with `joinLater`. */
  join(input: inputs.Join): Written {
    return joinMessage(this.#context, input);
  }
  /** Any columns of a message row. */
  change(input: inputs.ColumnChange): Written {
    return changeColumns(this.#context, input);
  }
  /** Sets `date_read` and `is_read`. */
  markRead(input: inputs.MessageMoment): Written {
    return mark(this.#context, input.guid, "read", input.dateMs);
  }
  /** Sets `date_delivered` and `is_delivered`. */
  markDelivered(input: inputs.MessageMoment): Written {
    return mark(this.#context, input.guid, "delivered", input.dateMs);
  }

  /** A tapback; it takes the place of the sender's earlier one on that part. */
  tapback(input: inputs.TapbackInput): WrittenTapback {
    return addTapback(this.#context, input);
  }
  /** The removal of a tapback: a 300x row, and the add row is deleted. */
  removeTapback(input: inputs.TapbackInput): WrittenTapback {
    return removeTapback(this.#context, input);
  }

  /** An attachment of a message that is there already. */
  attach(input: inputs.Attach): Written {
    return attach(this.#context, input);
  }
  /** The message_attachment_join row of an attachment written with `joinLater`. */
  joinAttachment(input: inputs.AttachmentRef): Written {
    return joinAttachment(this.#context, input);
  }
  /** `transfer_state` (default 5, done), `filename`, `total_bytes`. */
  updateAttachment(input: inputs.AttachmentUpdate): Written {
    return updateAttachment(this.#context, input);
  }

  /** Somebody was added, removed or left; the group got a name or a photo. */
  happening(input: inputs.NewHappening): Written {
    return addHappening(this.#context, input);
  }

  /** New words for a message that is there. */
  edit(input: inputs.EditInput): Written {
    return editText(this.#context, input);
  }
  /** Takes back a message, or a part of it. */
  unsend(input: inputs.UnsendInput): Written {
    return unsend(this.#context, input);
  }

  /** To Recently Deleted. */
  delete(input: inputs.MessageMoment): Written {
    return deleteMessage(this.#context, input);
  }
  /** Back from Recently Deleted. */
  recover(input: inputs.MessageMoment): Written {
    return recoverMessage(this.#context, input);
  }
  /** Away, from the chat or from Recently Deleted. */
  deleteForGood(input: inputs.MessageMoment): Written {
    return deleteForGood(this.#context, input);
  }

  /** The release's tables and columns are added, as at Messages' first start after an upgrade of macOS. */
  upgrade(input: inputs.Upgrade): inputs.Upgrade {
    return upgrade(this.#context, input);
  }

  checkpoint(input: inputs.CheckpointInput): CheckpointResult {
    return checkpoint(this.#context.db, input.mode);
  }
}
