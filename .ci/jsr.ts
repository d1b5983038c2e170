/** One line that says why the FFI build can't be had here; null when jsr.io answers. */
export async function jsrMissing(): Promise<string | null> {
  const url = "https://jsr.io/@db/sqlite/meta.json";
  const needs = "Cannot build with @db/sqlite as jsr.io can't be reached";
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.ok ? null : `${needs}: ${url} answers ${response.status}`;
  } catch (error) {
    return `${needs}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
