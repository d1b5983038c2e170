/** The statements of a pass under their names; the SQL stands beside in sql/. */
import addressChats from "./sql/address_chats.sql" with { type: "text" };
import addressHandles from "./sql/address_handles.sql" with { type: "text" };
import attachments from "./sql/attachments.sql" with { type: "text" };
import chatEvents from "./sql/chat_events.sql" with { type: "text" };
import chats from "./sql/chats.sql" with { type: "text" };
import contactsOfAddresses from "./sql/contacts_of_addresses.sql" with { type: "text" };
import countSliceChats from "./sql/count_slice_chats.sql" with { type: "text" };
import countSliceIdentifiers from "./sql/count_slice_identifiers.sql" with { type: "text" };
import identifiersOfAddresses from "./sql/identifiers_of_addresses.sql" with { type: "text" };
import joinsSeen from "./sql/joins_seen.sql" with { type: "text" };
import lastTapbackWaiting from "./sql/last_tapback_waiting.sql" with { type: "text" };
import messages from "./sql/messages.sql" with { type: "text" };
import membersAdd from "./sql/members_add.sql" with { type: "text" };
import membersRemove from "./sql/members_remove.sql" with { type: "text" };
import participantsAdd from "./sql/participants_add.sql" with { type: "text" };
import participantsRemove from "./sql/participants_remove.sql" with { type: "text" };
import pendingAttachments from "./sql/pending_attachments.sql" with { type: "text" };
import pendingAttachmentsDone from "./sql/pending_attachments_done.sql" with { type: "text" };
import pendingGone from "./sql/pending_gone.sql" with { type: "text" };
import pendingMessages from "./sql/pending_messages.sql" with { type: "text" };
import pendingMessagesDone from "./sql/pending_messages_done.sql" with { type: "text" };
import pendingTapbacks from "./sql/pending_tapbacks.sql" with { type: "text" };
import pendingTapbacksDone from "./sql/pending_tapbacks_done.sql" with { type: "text" };
import reactionRemovals from "./sql/reaction_removals.sql" with { type: "text" };
import reactions from "./sql/reactions.sql" with { type: "text" };
import recentlyDeleted from "./sql/recently_deleted.sql" with { type: "text" };
import settledTapbacks from "./sql/settled_tapbacks.sql" with { type: "text" };
import settleTapbacks from "./sql/settle_tapbacks.sql" with { type: "text" };
import sourceChats from "./sql/source_chats.sql" with { type: "text" };
import sourceHandles from "./sql/source_handles.sql" with { type: "text" };
import tapbacks from "./sql/tapbacks.sql" with { type: "text" };
import touchChats from "./sql/touch_chats.sql" with { type: "text" };
import touchTapbacks from "./sql/touch_tapbacks.sql" with { type: "text" };
import wantAttachmentsKnown from "./sql/want_attachments_known.sql" with { type: "text" };
import wantAttachmentsNew from "./sql/want_attachments_new.sql" with { type: "text" };
import wantJoined from "./sql/want_joined.sql" with { type: "text" };
import wantJoinedSince from "./sql/want_joined_since.sql" with { type: "text" };
import wantNew from "./sql/want_new.sql" with { type: "text" };
import wantRecent from "./sql/want_recent.sql" with { type: "text" };
import wantTapbacksOfNew from "./sql/want_tapbacks_of_new.sql" with { type: "text" };
import wantTapbacksWaiting from "./sql/want_tapbacks_waiting.sql" with { type: "text" };

export const SQL = {
  addressChats,
  addressHandles,
  attachments,
  chatEvents,
  chats,
  contactsOfAddresses,
  countSliceChats,
  countSliceIdentifiers,
  identifiersOfAddresses,
  joinsSeen,
  lastTapbackWaiting,
  membersAdd,
  membersRemove,
  messages,
  participantsAdd,
  participantsRemove,
  pendingAttachments,
  pendingAttachmentsDone,
  pendingGone,
  pendingMessages,
  pendingMessagesDone,
  pendingTapbacks,
  pendingTapbacksDone,
  reactionRemovals,
  reactions,
  recentlyDeleted,
  settledTapbacks,
  settleTapbacks,
  sourceChats,
  sourceHandles,
  tapbacks,
  touchChats,
  touchTapbacks,
  wantAttachmentsKnown,
  wantAttachmentsNew,
  wantJoined,
  wantJoinedSince,
  wantNew,
  wantRecent,
  wantTapbacksOfNew,
  wantTapbacksWaiting,
} as const;
