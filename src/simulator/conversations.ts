import { ERRANDS } from "./conversations/errands.ts";
import { FAMILY_LIFE } from "./conversations/family.ts";
import { FRIENDS } from "./conversations/friends.ts";
import type { Scene } from "./conversations/script.ts";

/** Everything that the demo's people talk about. */
export const SCENES: readonly Scene[] = [...FRIENDS, ...FAMILY_LIFE, ...ERRANDS];
