/** The launchd user agent, as launchd and the files tell of it. */
export interface AgentState {
  /** Its plist is in `~/Library/LaunchAgents`. */
  readonly installed: boolean;
  /** launchd has a process of it. */
  readonly running: boolean;
  readonly pid: number | null;
  /** What launchd would start next time is not there any more, also while a process of it still runs. */
  readonly programMissing: boolean;
  /** One sentence in words for a person, without a line break. */
  readonly detail: string;
}
