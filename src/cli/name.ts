/** The program's name, as typed and printed. */
export const PROGRAM = "chatstats-live-sync";
