/** The statements of conversations under their names; the SQL stands beside in sql/. */
import assign from "./sql/assign.sql" with { type: "text" };
import beginOne from "./sql/begin_one.sql" with { type: "text" };
import beginRun from "./sql/begin_run.sql" with { type: "text" };
import carryOn from "./sql/carry_on.sql" with { type: "text" };
import claims from "./sql/claims.sql" with { type: "text" };
import dropEmpty from "./sql/drop_empty.sql" with { type: "text" };
import forgetConversations from "./sql/forget_conversations.sql" with { type: "text" };
import forgetMessages from "./sql/forget_messages.sql" with { type: "text" };
import goOn from "./sql/go_on.sql" with { type: "text" };
import goOnRun from "./sql/go_on_run.sql" with { type: "text" };
import groups from "./sql/groups.sql" with { type: "text" };
import lastOfChat from "./sql/last_of_chat.sql" with { type: "text" };
import leave from "./sql/leave.sql" with { type: "text" };
import members from "./sql/members.sql" with { type: "text" };
import neighbours from "./sql/neighbours.sql" with { type: "text" };
import newIds from "./sql/new_ids.sql" with { type: "text" };
import put from "./sql/put.sql" with { type: "text" };
import ranges from "./sql/ranges.sql" with { type: "text" };
import walkMembers from "./sql/walk_members.sql" with { type: "text" };
import walkNext from "./sql/walk_next.sql" with { type: "text" };
import walkTouch from "./sql/walk_touch.sql" with { type: "text" };

export const CONVERSATION_SQL = {
  assign,
  beginOne,
  beginRun,
  carryOn,
  claims,
  dropEmpty,
  forgetConversations,
  forgetMessages,
  goOn,
  goOnRun,
  groups,
  lastOfChat,
  leave,
  members,
  neighbours,
  newIds,
  put,
  ranges,
  walkMembers,
  walkNext,
  walkTouch,
} as const;
