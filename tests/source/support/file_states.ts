/** `file_states.ts PATH…`: JSON of each file's size, time and hash; a process of its own, so that no lock is dropped. */
const states = await Promise.all(Deno.args.map(async (path) => {
  const { size, mtime } = await Deno.stat(path);
  const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return { path, size, mtimeMs: mtime?.getTime() ?? null, hash: new Uint8Array(hash).toHex() };
}));
console.log(JSON.stringify(states));
