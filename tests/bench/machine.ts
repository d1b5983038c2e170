/** Where the figures were measured: without it they say nothing. */

/** First lines of the output. */
export async function describeMachine(args: readonly string[]): Promise<readonly string[]> {
  const gigabytes = (Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0);
  const load = Deno.loadavg().map((value) => value.toFixed(2)).join(" ");
  return [
    `machine  ${await cpuModel()}, ${navigator.hardwareConcurrency} cores, ${gigabytes} GB memory, ` +
    `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    `program  Deno ${Deno.version.deno}; load before (1, 5, 15 min) ${load}`,
    `date     ${new Date().toISOString()}`,
    `command  deno run -A --no-prompt tests/bench/main.ts ${args.join(" ")}`.trimEnd(),
  ];
}

async function cpuModel(): Promise<string> {
  if (Deno.build.os === "darwin") {
    const { stdout } = await new Deno.Command("sysctl", { args: ["-n", "machdep.cpu.brand_string"] })
      .output();
    return new TextDecoder().decode(stdout).trim();
  }
  if (Deno.build.os !== "linux") return "unknown processor";
  return /^model name\s*:\s*(.+)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1] ??
    "unknown processor";
}
