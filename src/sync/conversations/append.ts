/**
 * Messages that come at a chat's end, in order of time, put into conversations: what the walk meets nearly always, and
 * cheaper than putting a stretch of a chat together anew (regroup.ts).
 */

export interface Member {
  readonly messageId: number;
  readonly timestampMs: number;
}

/** The conversation of a chat that began last. */
export interface Last {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Members that stay together. */
export interface Run {
  /** Whether they go on with the last conversation; else they begin one of their own. */
  readonly goesOn: boolean;
  readonly members: readonly Member[];
  readonly endMs: number;
}

/**
 * `members`: of one chat, by time. Null where they can't be appended: the first one is older than what the last
 * conversation began with, so that it may join any.
 */
export function runsOf(members: readonly Member[], last: Last | null, gapMs: number): Run[] | null {
  const [first] = members;
  if (first === undefined) return [];
  if (last !== null && first.timestampMs < last.startMs) return null;
  const runs: { goesOn: boolean; members: Member[]; endMs: number }[] = [];
  let open = last === null || first.timestampMs - last.endMs >= gapMs
    ? null
    : { goesOn: true, members: new Array<Member>(), endMs: last.endMs };
  if (open !== null) runs.push(open);
  for (const member of members) {
    if (open === null || member.timestampMs - open.endMs >= gapMs) {
      open = { goesOn: false, members: [], endMs: member.timestampMs };
      runs.push(open);
    }
    open.members.push(member);
    open.endMs = Math.max(open.endMs, member.timestampMs);
  }
  return runs;
}
