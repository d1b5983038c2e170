/**
 * Opens the kqueue of its second argument (JSON), watches the -wal of its first one, writes to it and closes, several
 * times; prints how many descriptors there are more than before. In a process of its own, because tests that run at the
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

// What Deno itself opens at the first use is not ours.
await once();
const before = descriptors();
for (let round = 0; round < 5; round++) await once();
console.log(`left ${descriptors() - before}`);
