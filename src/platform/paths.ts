/** Where things are by default, and what a path that a person typed means. */

/** What of the machine decides the default paths. */
export interface Places {
  /** The person's home folder; null where the environment names none. */
  readonly home: string | null;
  /** `XDG_DATA_HOME`; null where it is not set. Not looked at on macOS. */
  readonly xdgDataHome: string | null;
  /** As `Deno.build.os` has it. */
  readonly os: string;
}

export interface DefaultPaths {
  readonly messagesDb: string;
  readonly addressbookDir: string;
  readonly database: string;
}

/** Apple's folders are the same everywhere, so that a copied home folder works; our own follows the system's habit. */
export function defaultPaths(home: string, places: Places): DefaultPaths {
  const apple = `${home}/Library`;
  // The XDG rules say that a relative value is to be ignored.
  const xdg = places.xdgDataHome?.startsWith("/") ? places.xdgDataHome : `${home}/.local/share`;
  const data = places.os === "darwin" ? `${apple}/Application Support` : xdg;
  return {
    messagesDb: `${apple}/Messages/chat.db`,
    addressbookDir: `${apple}/Application Support/AddressBook`,
    database: `${data}/ChatStats/chatstats.db`,
  };
}

/** Whether `path` can only be read with a home folder at hand: `~` or `~/…` (`~somebody` is a name like any other). */
export function needsHome(path: string): boolean {
  return path === "~" || path.startsWith("~/");
}

/** An absolute path without `.`, `..` and doubled slashes; symbolic links are left alone. */
export function absolutePath(path: string, home: string, cwd: string): string {
  const expanded = needsHome(path) ? home + path.slice(1) : path;
  const whole = expanded.startsWith("/") ? expanded : `${cwd}/${expanded}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder that holds an absolute path. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The last part of an absolute path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
