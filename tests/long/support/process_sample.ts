/** What the kernel says of a process, second by second. Linux alone has /proc. */

export interface ProcessSample {
  readonly rssMb: number;
  readonly handles: number;
}

export function sampleProcess(pid: number): ProcessSample {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kib = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return {
    rssMb: Number(kib) * 1024 / 1e6,
    handles: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}

/** Medians of the first and of the last third, the warm-up (the first fifth of all) left out. */
export function ends(values: readonly number[]): { readonly first: number; readonly last: number } {
  const warm = values.slice(Math.floor(values.length / 5));
  const third = Math.floor(warm.length / 3);
  return { first: median(warm.slice(0, third)), last: median(warm.slice(-third)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
