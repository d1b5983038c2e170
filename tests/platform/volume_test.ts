import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import {
  isNetwork,
  type Mount,
  mountOf,
  parseMountInfo,
  parseMountOutput,
  refuseNetworkVolume,
} from "../../src/platform/volume.ts";

const LINUX = [
  "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
  "22 27 0:21 / /proc rw,relatime shared:13 master:2 - proc proc rw",
  "40 27 0:40 / /mnt/nas rw,relatime - nfs4 nas:/export rw,vers=4.2",
  "41 40 8:1 / /mnt/nas/local\\040disk rw - ext4 /dev/sda1 rw",
  "42 27 0:41 / /mnt/over rw - ext4 /dev/sdb1 rw",
  "43 42 0:42 / /mnt/over rw - fuse.sshfs jane@host: rw",
  "",
].join("\n");

const MAC = [
  "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
  "devfs on /dev (devfs, local, nobrowse)",
  "/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)",
  "map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)",
  "//jane@nas._smb._tcp.local/home on /Volumes/home (smbfs, nodev, nosuid, mounted by jane)",
  "nas:/export on /Volumes/My on it (2) (nfs)",
  "/dev/disk5s1 on /Volumes/Stick (exfat, local, nodev, noowners)",
].join("\n");

function kindAt(path: string, mounts: readonly Mount[]): string | undefined {
  return mountOf(path, mounts)?.kind;
}

Deno.test("parseMountInfo() and mountOf() find the longest and uppermost mount when several hold a path", () => {
  const mounts = parseMountInfo(LINUX);
  equal(mounts.length, 6);
  equal(kindAt("/home/jane/chatstats.db", mounts), "ext4");
  equal(kindAt("/mnt/nas/chatstats.db", mounts), "nfs4");
  equal(kindAt("/mnt/nas", mounts), "nfs4");
  equal(kindAt("/mnt/nasty/chatstats.db", mounts), "ext4");
  equal(kindAt("/mnt/nas/local disk/chatstats.db", mounts), "ext4");
  equal(kindAt("/mnt/over/chatstats.db", mounts), "fuse.sshfs");
  equal(mountOf("/a", []), null);
});

Deno.test("parseMountOutput() reads what /sbin/mount of macOS prints when names hold blanks and brackets", () => {
  const mounts = parseMountOutput(MAC);
  deepEqual(mounts.map(({ point, kind }) => `${point} ${kind}`), [
    "/ apfs",
    "/dev devfs",
    "/System/Volumes/Data apfs",
    "/System/Volumes/Data/home autofs",
    "/Volumes/home smbfs",
    "/Volumes/My on it (2) nfs",
    "/Volumes/Stick exfat",
  ]);
  equal(kindAt("/Volumes/home/ChatStats/chatstats.db", mounts), "smbfs");
});

Deno.test("isNetwork() tells network volumes from local ones, and takes a 9p root for a sandbox's disk", () => {
  const kinds = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "fuse.sshfs"];
  for (const kind of kinds) ok(isNetwork({ point: "/mnt/x", kind }), kind);
  for (const kind of ["ext4", "apfs", "hfs", "btrfs", "tmpfs", "overlay", "exfat", "fuse.ntfs-3g", "zfs"]) {
    ok(!isNetwork({ point: "/mnt/x", kind }), kind);
  }
  ok(!isNetwork({ point: "/", kind: "9p" }));
  ok(isNetwork({ point: "/", kind: "nfs" }));
});

Deno.test("refuseNetworkVolume() names the volume when the database, a link to it, or its folder to be is on one", () => {
  const mounts = parseMountInfo(LINUX);
  const links = new Map([["/home/jane/link.db", "/mnt/nas/real.db"], ["/home/jane/folder", "/mnt/nas/a"]]);
  const there = new Set(["/", "/mnt/nas", "/home/jane"]);
  const realPath = (path: string) => {
    const target = links.get(path) ?? (there.has(path) ? path : null);
    if (target === null) throw new Deno.errors.NotFound(path);
    return target;
  };
  const ports = { realPath, mounts: () => mounts };
  for (const path of ["/mnt/nas/new/deep/chatstats.db", "/home/jane/link.db", "/home/jane/folder/x.db"]) {
    throws(() => refuseNetworkVolume(path, ports), (error) => {
      ok(error instanceof LiveSyncError);
      equal(error.code, "network_volume");
      ok(error.message.includes(path) && error.message.includes("/mnt/nas is a network volume (nfs4)"));
      ok(error.hint.includes("--database"));
      return true;
    });
  }
  refuseNetworkVolume("/home/jane/new/chatstats.db", ports);
  refuseNetworkVolume("/mnt/nas/x.db", { realPath, mounts: () => [] });
});

Deno.test("refuseNetworkVolume() lets the machine's own temporary folder pass", () => {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-volume-" });
  try {
    refuseNetworkVolume(`${folder}/not/there/chatstats.db`);
  } finally {
    Deno.removeSync(folder);
  }
});
