/** The statements of merge and undo under their names; the SQL stands beside in sql/. */
import chatNames from "./sql/chat_names.sql" with { type: "text" };
import mergedAway from "./sql/contact_merged_away.sql" with { type: "text" };
import splitOff from "./sql/contact_split_off.sql" with { type: "text" };
import forgetCardName from "./sql/forget_card_name.sql" with { type: "text" };
import forgetKeysOfDropped from "./sql/forget_keys_of_dropped.sql" with { type: "text" };
import giveUserNameBack from "./sql/give_user_name_back.sql" with { type: "text" };
import hasCardName from "./sql/has_card_name.sql" with { type: "text" };
import identifiersJoin from "./sql/identifiers_join.sql" with { type: "text" };
import identifiersSplit from "./sql/identifiers_split.sql" with { type: "text" };
import get from "./sql/merge_get.sql" with { type: "text" };
import insert from "./sql/merge_insert.sql" with { type: "text" };
import undone from "./sql/merge_undone.sql" with { type: "text" };
import participantsFollow from "./sql/participants_follow.sql" with { type: "text" };
import participantsForget from "./sql/participants_forget.sql" with { type: "text" };
import splitIdentifiers from "./sql/split_identifiers.sql" with { type: "text" };
import takeUserName from "./sql/take_user_name.sql" with { type: "text" };
import touchChats from "./sql/touch_chats_of_contact.sql" with { type: "text" };
import touchTapbacks from "./sql/touch_tapbacks_of_contact.sql" with { type: "text" };

export const MERGE_SQL = {
  chatNames,
  forgetCardName,
  forgetKeysOfDropped,
  get,
  giveUserNameBack,
  hasCardName,
  identifiersJoin,
  identifiersSplit,
  insert,
  mergedAway,
  participantsFollow,
  participantsForget,
  splitIdentifiers,
  splitOff,
  takeUserName,
  touchChats,
  touchTapbacks,
  undone,
} as const;
