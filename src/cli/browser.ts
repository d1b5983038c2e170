/** Shows a page in the person's browser. */
import { type RunCommand, runCommand } from "../platform/run_command.ts";

export interface BrowserPorts {
  /** As `Deno.build.os` has it. */
  readonly os: string;
  readonly run: RunCommand;
}

/** What opens an address in the browser that the person chose. Pure. Exported for its test. */
export function browserCall(os: string, address: string): string[] {
  return [os === "darwin" ? "/usr/bin/open" : "xdg-open", address];
}

/** The dashboard, signed in. The token is in the fragment, which no browser sends anywhere. */
export function dashboardAddress(instance: { readonly url: string; readonly token: string }): string {
  return `${instance.url}/#token=${encodeURIComponent(instance.token)}`;
}

/** Opens the dashboard; gives what to tell the person. The address with its token is shown only where it is needed. */
export async function showDashboard(
  instance: { readonly url: string; readonly token: string },
  { os, run }: BrowserPorts = { os: Deno.build.os, run: runCommand },
): Promise<string> {
  const address = dashboardAddress(instance);
  const { code } = await run(browserCall(os, address));
  return code === 0 ? `Opened ${instance.url} in the browser.\n` : `Open this in a browser: ${address}\n`;
}
