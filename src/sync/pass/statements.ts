/** The statements of a pass under their names; the SQL stands beside in sql/. */
import addressChats from "./sql/address_chats.sql" with { type: "text" };
import addressHandles from "./sql/address_handles.sql" with { type: "text" };
import addressHandlesChanged from "./sql/address_handles_changed.sql" with { type: "text" };
import attachments from "./sql/attachments.sql" with { type: "text" };
import candidateKinds from "./sql/candidate_kinds.sql" with { type: "text" };
import changedRangesPut from "./sql/changed_ranges_put.sql" with { type: "text" };
import changedRowsOfRange from "./sql/changed_rows_of_range.sql" with { type: "text" };
import changedRowsPut from "./sql/changed_rows_put.sql" with { type: "text" };
import chatEvents from "./sql/chat_events.sql" with { type: "text" };
import chats from "./sql/chats.sql" with { type: "text" };
import contactsOfAddresses from "./sql/contacts_of_addresses.sql" with { type: "text" };
import countSliceChats from "./sql/count_slice_chats.sql" with { type: "text" };
import countSliceIdentifiers from "./sql/count_slice_identifiers.sql" with { type: "text" };
import editVersions from "./sql/edit_versions.sql" with { type: "text" };
import goneAttachments from "./sql/gone_attachments.sql" with { type: "text" };
import goneAttachmentsApply from "./sql/gone_attachments_apply.sql" with { type: "text" };
import goneChats from "./sql/gone_chats.sql" with { type: "text" };
import goneChatsApply from "./sql/gone_chats_apply.sql" with { type: "text" };
import followUpsTaken from "./sql/follow_ups_taken.sql" with { type: "text" };
import goneChatsFollowUp from "./sql/gone_chats_follow_up.sql" with { type: "text" };
import goneChatsForget from "./sql/gone_chats_forget.sql" with { type: "text" };
import goneChatsOther from "./sql/gone_chats_other.sql" with { type: "text" };
import goneChatsTouch from "./sql/gone_chats_touch.sql" with { type: "text" };
import goneEditsApply from "./sql/gone_edits_apply.sql" with { type: "text" };
import goneEventsApply from "./sql/gone_events_apply.sql" with { type: "text" };
import goneKinds from "./sql/gone_kinds.sql" with { type: "text" };
import goneListed from "./sql/gone_listed.sql" with { type: "text" };
import goneMembersForget from "./sql/gone_members_forget.sql" with { type: "text" };
import goneMessages from "./sql/gone_messages.sql" with { type: "text" };
import goneMessagesApply from "./sql/gone_messages_apply.sql" with { type: "text" };
import goneReactionsApply from "./sql/gone_reactions_apply.sql" with { type: "text" };
import goneRemovalsApply from "./sql/gone_removals_apply.sql" with { type: "text" };
import goneTapbacksTouch from "./sql/gone_tapbacks_touch.sql" with { type: "text" };
import goneWaitingApply from "./sql/gone_waiting_apply.sql" with { type: "text" };
import handlesFollowUp from "./sql/handles_follow_up.sql" with { type: "text" };
import handlesRepointed from "./sql/handles_repointed.sql" with { type: "text" };
import identifiersOfAddresses from "./sql/identifiers_of_addresses.sql" with { type: "text" };
import joinsSeen from "./sql/joins_seen.sql" with { type: "text" };
import lastTapbackWaiting from "./sql/last_tapback_waiting.sql" with { type: "text" };
import membersAdd from "./sql/members_add.sql" with { type: "text" };
import membersRemove from "./sql/members_remove.sql" with { type: "text" };
import messageEdits from "./sql/message_edits.sql" with { type: "text" };
import messageEditsRemove from "./sql/message_edits_remove.sql" with { type: "text" };
import messages from "./sql/messages.sql" with { type: "text" };
import newestNew from "./sql/newest_new.sql" with { type: "text" };
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
import sourceMembersAdd from "./sql/source_members_add.sql" with { type: "text" };
import sourceMembersRemove from "./sql/source_members_remove.sql" with { type: "text" };
import tapbacks from "./sql/tapbacks.sql" with { type: "text" };
import touchChats from "./sql/touch_chats.sql" with { type: "text" };
import touchChatsChanged from "./sql/touch_chats_changed.sql" with { type: "text" };
import touchChatsDisplaced from "./sql/touch_chats_displaced.sql" with { type: "text" };
import touchChatsRepointed from "./sql/touch_chats_repointed.sql" with { type: "text" };
import suspectsOfRange from "./sql/suspects_of_range.sql" with { type: "text" };
import touchTapbacksMoved from "./sql/touch_tapbacks_moved.sql" with { type: "text" };
import touchTapbacks from "./sql/touch_tapbacks.sql" with { type: "text" };
import waitingKinds from "./sql/waiting_kinds.sql" with { type: "text" };
import wantAttachmentsChanged from "./sql/want_attachments_changed.sql" with { type: "text" };
import wantAttachmentsKnown from "./sql/want_attachments_known.sql" with { type: "text" };
import wantAttachmentsNew from "./sql/want_attachments_new.sql" with { type: "text" };
import wantChanged from "./sql/want_changed.sql" with { type: "text" };
import wantEdited from "./sql/want_edited.sql" with { type: "text" };
import wantJoined from "./sql/want_joined.sql" with { type: "text" };
import wantJoinedSince from "./sql/want_joined_since.sql" with { type: "text" };
import wantFollowUps from "./sql/want_follow_ups.sql" with { type: "text" };
import wantJoinsChanged from "./sql/want_joins_changed.sql" with { type: "text" };
import wantNew from "./sql/want_new.sql" with { type: "text" };
import wantRecent from "./sql/want_recent.sql" with { type: "text" };
import wantTapbacksOfNew from "./sql/want_tapbacks_of_new.sql" with { type: "text" };
import wantTapbacksWaiting from "./sql/want_tapbacks_waiting.sql" with { type: "text" };

export const SQL = {
  addressChats,
  addressHandles,
  addressHandlesChanged,
  attachments,
  candidateKinds,
  changedRangesPut,
  changedRowsOfRange,
  changedRowsPut,
  chatEvents,
  chats,
  contactsOfAddresses,
  countSliceChats,
  countSliceIdentifiers,
  editVersions,
  goneAttachments,
  goneAttachmentsApply,
  goneChats,
  goneChatsApply,
  followUpsTaken,
  goneChatsFollowUp,
  goneChatsForget,
  goneChatsOther,
  goneChatsTouch,
  goneEditsApply,
  goneEventsApply,
  goneKinds,
  goneListed,
  goneMembersForget,
  goneMessages,
  goneMessagesApply,
  goneReactionsApply,
  goneRemovalsApply,
  goneTapbacksTouch,
  goneWaitingApply,
  handlesFollowUp,
  handlesRepointed,
  identifiersOfAddresses,
  joinsSeen,
  lastTapbackWaiting,
  membersAdd,
  membersRemove,
  messageEdits,
  messageEditsRemove,
  messages,
  newestNew,
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
  sourceMembersAdd,
  sourceMembersRemove,
  tapbacks,
  touchChats,
  touchChatsChanged,
  touchChatsDisplaced,
  touchChatsRepointed,
  suspectsOfRange,
  touchTapbacks,
  touchTapbacksMoved,
  waitingKinds,
  wantAttachmentsChanged,
  wantAttachmentsKnown,
  wantAttachmentsNew,
  wantChanged,
  wantEdited,
  wantJoined,
  wantJoinedSince,
  wantFollowUps,
  wantJoinsChanged,
  wantNew,
  wantRecent,
  wantTapbacksOfNew,
  wantTapbacksWaiting,
} as const;
