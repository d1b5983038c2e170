/** The settings of a program that was started without a flag, for tests that say what differs. */
import type { Config, ConfigInput } from "../../src/config.ts";
import { readConfig } from "../../src/config.ts";

/** What the program finds where it starts: no flags, no environment, Jane's Mac. */
export function configInput(changes: Partial<ConfigInput> = {}): ConfigInput {
  return {
    flags: {},
    env: {},
    home: "/Users/jane",
    xdgDataHome: null,
    os: "darwin",
    cwd: "/work",
    randomToken: () => "random",
    isTerminal: false,
    ...changes,
  };
}

/** Throws UsageError, as `readConfig()` does. */
export function configFixture(changes: Partial<ConfigInput> = {}): Config {
  return readConfig(configInput(changes));
}
