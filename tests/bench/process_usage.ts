/** What the kernel says of another process. Linux alone has /proc; elsewhere there is no figure, not a guess. */

/** Highest resident memory so far, in MB of 10^6 bytes; null where it cannot be read. */
export function peakMemoryMb(pid: number): number | null {
  if (Deno.build.os !== "linux") return null;
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kib = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1024 / 1e6;
}

/** Processor time of all threads so far, user and system, in milliseconds; null where it cannot be read. */
export function processorMs(pid: number): number | null {
  if (Deno.build.os !== "linux") return null;
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15, the first after it is field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS_PER_SECOND;
}

/** USER_HZ, which Linux has fixed at 100 on every machine that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** How often the process's threads went to sleep of their own accord so far: one for each wake-up. Null where it cannot be read. */
export function wakeUps(pid: number): number | null {
  if (Deno.build.os !== "linux") return null;
  let sum = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
    sum += Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
  }
  return sum;
}
