/**
 * Words to put before a command so that file permissions bind it, also where the tests run as root (as in containers):
 * the same user without the capabilities that overlook them. Null where there is no way to do that.
 */
export function boundByPermissions(): readonly string[] | null {
  if (Deno.build.os === "windows") return null;
  if (Deno.uid() !== 0) return [];
  const lost = "-dac_override,-dac_read_search,-fowner";
  const words = ["setpriv", `--bounding-set=${lost}`, `--inh-caps=${lost}`];
  const [command = "", ...args] = words;
  try {
    return new Deno.Command(command, { args: [...args, "true"], stderr: "null" }).outputSync().success
      ? words
      : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
