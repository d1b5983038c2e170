/** `ws` from npm in a Node process: installed into a folder that is removed again, so that the tree stays clean. */

const fixture = new URL("../npm_ws/", import.meta.url);

export interface InstalledFolder extends AsyncDisposable {
  readonly path: string;
}

export async function installNpmWs(): Promise<InstalledFolder> {
  const path = await Deno.makeTempDir();
  for (const name of ["package.json", "package-lock.json", "client.mjs"]) {
    await Deno.copyFile(new URL(name, fixture), `${path}/${name}`);
  }
  await run("npm", ["ci", "--silent", "--no-audit", "--no-fund", "--prefer-offline"], path);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** What `client.mjs` prints. */
export async function runNpmWs(
  folder: InstalledFolder,
  url: string,
  protocols: readonly string[],
): Promise<unknown> {
  return JSON.parse(await run("node", ["client.mjs", url, ...protocols], folder.path));
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${command} failed: ${text.decode(stderr)}${text.decode(stdout)}`);
  return text.decode(stdout);
}
