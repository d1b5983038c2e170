/**
 * On what kind of volume a file is. SQLite's WAL needs memory that all its users share, which a network volume does not
 * give (sqlite.org/wal.html): two programs on it destroy the database.
 */
import { LiveSyncError } from "../model/errors.ts";
import { fileNameOf, folderOf } from "./paths.ts";

export interface Mount {
  /** Where it is mounted: an absolute path. */
  readonly point: string;
  /** As the system names it: `ext4`, `nfs4`, `smbfs`. */
  readonly kind: string;
}

/**
 * File systems that another machine serves, as Linux and macOS name them; shares of a virtual machine's host behave
 * alike. `fuse.*` are those whose names say what they are; a plain `fuse` may be a local one.
 */
const NETWORK_KINDS: ReadonlySet<string> = new Set([
  ...[
    "nfs",
    "nfs4",
    "cifs",
    "smb2",
    "smb3",
    "smbfs",
    "afpfs",
    "afs",
    "ncpfs",
    "coda",
    "9p",
    "ceph",
    "lustre",
  ],
  ...["glusterfs", "webdav", "davfs", "ftp", "vboxsf", "prl_fs", "vmhgfs"],
  ...["sshfs", "rclone", "s3fs", "davfs", "glusterfs", "gvfsd-fuse", "smbnetfs", "vmhgfs-fuse"].map((name) =>
    `fuse.${name}`
  ),
]);

/** Linux: `/proc/self/mountinfo`, in its order. Pure. Exported for its test. */
export function parseMountInfo(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [place = "", system = ""] = line.split(" - ");
    const point = place.split(" ")[4];
    const kind = system.split(" ")[0];
    return point && kind ? [{ point: unescapeOctal(point), kind }] : [];
  });
}

/** macOS: what `/sbin/mount` prints, as `//jane@nas/home on /Volumes/home (smbfs, nodev, nosuid)`. Pure. Exported for its test. */
export function parseMountOutput(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    // A name may hold brackets; those of the file system stand at the end.
    const found = /^.+? on (\/.*) \(([^(), ]+)[^()]*\)$/.exec(line);
    const [, point, kind] = found ?? [];
    return point && kind ? [{ point, kind }] : [];
  });
}

/** Blanks and backslashes stand as `\040` and the like. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The mount that holds `path`: the longest one, and of equal ones the last, which lies above the others. Pure. Exported for its test. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  const holds = ({ point }: Mount) => point === "/" || path === point || path.startsWith(`${point}/`);
  return mounts.filter(holds).reduce<Mount | null>(
    (best, mount) => best === null || mount.point.length >= best.point.length ? mount : best,
    null,
  );
}

/** Pure. The root as 9p is how some sandboxes show a local disk. Exported for its test. */
export function isNetwork(mount: Mount): boolean {
  return NETWORK_KINDS.has(mount.kind) && !(mount.point === "/" && mount.kind === "9p");
}

/** What of the machine decides; tests have their own. */
export interface VolumePorts {
  /** Symbolic links followed; throws NotFound for what is not there. */
  readonly realPath: (path: string) => string;
  /** The mount table, or an empty one where it needs none to know that `folder` is on a local disk. */
  readonly mounts: (folder: string) => readonly Mount[];
}

/** Throws LiveSyncError `network_volume` when `database`, there or not yet, is on one. */
export function refuseNetworkVolume(
  database: string,
  ports: VolumePorts = systemVolumes(Deno.build.os),
): void {
  const path = nearestReal(database, ports.realPath);
  const mount = mountOf(path, ports.mounts(path));
  if (mount === null || !isNetwork(mount)) return;
  throw new LiveSyncError(
    "network_volume",
    `Cannot keep the database at ${database}: ${mount.point} is a network volume (${mount.kind}), ` +
      "where SQLite's WAL does not work",
    "Name a file on a local disk with --database.",
  );
}

/** The real path of what is there; for a file that is not made yet, of the nearest folder above it. */
function nearestReal(path: string, realPath: (path: string) => string): string {
  try {
    return realPath(path);
  } catch (error) {
    // Not there or not to be seen: then the folder above says as much as can be known.
    if (!(error instanceof Error) || path === "/") throw error;
    const folder = nearestReal(folderOf(path), realPath);
    return `${folder === "/" ? "" : folder}/${fileNameOf(path)}`;
  }
}

function systemVolumes(os: string): VolumePorts {
  return { realPath: Deno.realPathSync, mounts: os === "darwin" ? macMounts : linuxMounts };
}

function linuxMounts(): Mount[] {
  try {
    return parseMountInfo(Deno.readTextFileSync("/proc/self/mountinfo"));
  } catch (error) {
    // No /proc (another system, a bare chroot): nothing is known, and nothing refused.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return [];
    throw error;
  }
}

/**
 * Not run on a Mac yet. The start-up disk and its data volume are local, and nearly every database is there: only for
 * another device is `/sbin/mount` asked, before permissions are dropped.
 */
function macMounts(path: string): Mount[] {
  const device = deviceOf(path);
  if (device !== null && ["/", "/System/Volumes/Data"].map(deviceOf).includes(device)) return [];
  const { success, stdout } = new Deno.Command("/sbin/mount", { stdin: "null", stderr: "null" }).outputSync();
  return success ? parseMountOutput(new TextDecoder().decode(stdout)) : [];
}

/** Of the nearest that is there. */
function deviceOf(path: string): number | null {
  try {
    return Deno.statSync(path).dev;
  } catch {
    return path === "/" ? null : deviceOf(folderOf(path));
  }
}
