import { STATUS } from "../support/status.ts";
import assert from "node:assert/strict";
import { FULL_DISK_ACCESS, type StateWords, troubles } from "../../src/dashboard/page/trouble.ts";
import { stateLabel } from "../../src/dashboard/page/views/state_words.ts";
import type { SourceState, StatusReport } from "../../src/model/status.ts";
import type { SyncState } from "../../src/model/events.ts";

function status(state: SyncState, contacts: SourceState = "ok"): StatusReport {
  return {
    ...STATUS,
    state,
    sources: [
      { kind: "messages", path: "/m", state: state === "live" ? "ok" : "failed", hint: "the source's hint" },
      { kind: "contacts", path: "/c", state: contacts, hint: "the contacts' hint" },
    ],
  };
}

Deno.test("troubles() are none when all is well", () => {
  assert.deepEqual(troubles(status("live"), null), []);
  assert.deepEqual(troubles(status("importing"), null), []);
});

Deno.test("troubles() leads to the settings, once, when permission is missing for both", () => {
  const found = troubles(status("needs_permission", "needs_permission"), null);
  assert.equal(found.length, 1);
  assert.equal(found[0]?.settings, FULL_DISK_ACCESS);
  assert.ok((found[0]?.steps.length ?? 0) >= 2);
  const contactsOnly = troubles(status("live", "needs_permission"), null);
  assert.deepEqual(contactsOnly.map(({ severity, settings }) => [severity, settings]), [[
    "note",
    FULL_DISK_ACCESS,
  ]]);
});

Deno.test("troubles() tells the reason and hint of the newest change when they belong to the state", () => {
  const told: StateWords = { state: "failed", reason: "the disk is full", hint: "Make room" };
  assert.deepEqual(troubles(status("failed"), told)[0]?.words, ["the disk is full.", "Make room."]);
  assert.deepEqual(troubles(status("source_missing"), told)[0]?.words, ["the source's hint."]);
  assert.equal(troubles(status("failed"), null)[0]?.settings, null);
});

Deno.test("stateLabel() says nothing of the sync when there is no connection that could tell", () => {
  assert.equal(stateLabel({ kind: "waiting", atMs: 1 }, "live").label, "Reconnecting");
  assert.equal(stateLabel({ kind: "connecting" }, "live").label, "Connecting");
  assert.equal(stateLabel({ kind: "open" }, null).label, "Connecting");
  assert.deepEqual(stateLabel({ kind: "open" }, "live"), { label: "Live", tone: "good" });
});
