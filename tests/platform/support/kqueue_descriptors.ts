/**
 * Opens the kqueue of its second argument (JSON), watches the -wal of its first one, writes to it and closes, several
 * times; prints how many descriptors five rounds leave. In a process of its own, because tests that run at the
 * same time open files in theirs.
 */
import { openKqueue } from "../../../src/platform/kqueue.ts";

const [path = "", system = ""] = Deno.args;
const descriptors = () => [...Deno.readDirSync("/dev/fd")].length;

async function once(): Promise<void> {
  await using queue = openKqueue({ system: JSON.parse(system) });
  for (let watch = 0; watch < 3; watch++) {
    const hint = Promise.withResolvers<void>();
    queue?.watch({ path, onHint: hint.resolve, onGone: hint.reject });
    Deno.writeTextFileSync(path, "frame", { append: true });
    await hint.promise;
  }
}

/** More descriptors after five rounds than before. */
async function left(): Promise<number> {
  const before = descriptors();
  for (let round = 0; round < 5; round++) await once();
  return descriptors() - before;
}

// What Deno opens for itself, it opens once; a round that leaves one leaves five each time.
const counts = [await left(), await left(), await left(), await left()];
console.log(`left ${Math.max(0, Math.min(...counts))}`);
