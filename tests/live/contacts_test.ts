/** The whole program on a chat.db and an AddressBook: names come by themselves, also after it gave its rights away. */
import { deepEqual, equal, ok } from "node:assert/strict";
import * as v from "valibot";
import { ContactsApp, ROOT_STORE } from "../../src/simulator/contacts_app.ts";
import { until } from "../support/until.ts";
import { follow, JANE, OMAR, readyOf, Scene, state } from "./support/scene.ts";

const Renamed = v.looseObject({ previous_name: v.string(), name: v.string() });

Deno.test("run gives a number its name while it runs, with its rights given away, and a new source is found", async () => {
  await using scene = new Scene();
  await scene.startMessages();
  await scene.fromJane("before");
  using contacts = new ContactsApp(scene.addressBook);
  await using program = scene.run("--contacts-interval", "1");
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "contacts");
  const authorization = { authorization: `Bearer ${ready.token}` };
  // The first contact sync is over: what comes now is told.
  await until(async () => {
    const response = await fetch(`${ready.url}/api/v1/status`, { headers: authorization });
    return (await response.json()).last_contact_sync.at !== null;
  }, "the first contact sync");
  contacts.addCard({ store: ROOT_STORE, uniqueId: "J", firstName: "Jane", phones: ["(555) 010-0001"] });
  const [named] = await client.have(1, (each) => each.event === "contact.updated");
  const { previous_name, name } = v.parse(Renamed, named?.["data"]);
  deepEqual([previous_name, name], [JANE, "Jane"]);

  const { store } = contacts.addStore({});
  contacts.addCard({ store, firstName: "Omar", phones: [OMAR] });
  await client.have(2, (each) => each.event === "contact.updated");
  await client.close();
  program.signal("SIGTERM");
  const before = performance.now();
  const { code, stderr } = await program.ended();
  equal(code, 0, stderr);
  ok(performance.now() - before < 2_000);
  for (const secret of ["Jane", "Omar", JANE, OMAR]) ok(!stderr.includes(secret), stderr);
});

Deno.test("sync --json counts the contacts that it named and merged", async () => {
  await using scene = new Scene();
  await scene.startMessages();
  await scene.fromJane("before");
  using contacts = new ContactsApp(scene.addressBook);
  contacts.addCard({ store: ROOT_STORE, firstName: "Jane", phones: [JANE, OMAR] });
  const first = scene.sync("--json");
  const { stdout, code } = await first.ended();
  equal(code, 0);
  equal(JSON.parse(stdout).merged, 1);
  contacts.addCard({ store: ROOT_STORE, firstName: "Unused", emails: ["nobody@example.com"] });
  const again = JSON.parse((await scene.sync("--json").ended()).stdout);
  deepEqual([again.contacts, again.merged], [0, 0]);
});
