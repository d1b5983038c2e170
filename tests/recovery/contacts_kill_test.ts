/** kill −9 at every named step of the contacts' sync: they end as if nothing had been cut off, each event told once. */
import { deepEqual, equal } from "node:assert/strict";
import { ROOT_STORE } from "../../src/simulator/contacts_app.ts";
import { logicalContent } from "../support/logical_content.ts";
import { type Line, Sidecar } from "../support/sidecar.ts";
import { childArgs } from "../support/sidecar_child.ts";
import { ContactsFixture, HOME, JANE, JANE_MAIL, OMAR } from "../sync/contacts/support/contacts_fixture.ts";
import { LABELS } from "./support/labels.ts";
import { slowTest } from "../support/slow.ts";

/** Sidecars one after the other on one set of files, and a client that resumes with `after`. */
class KilledContacts implements AsyncDisposable {
  readonly fixture = new ContactsFixture();
  readonly heard: Line[] = [];

  /** Jane with two addresses, Omar, and a number that is on both cards; nobody has synced yet. */
  static async open(): Promise<KilledContacts> {
    const killed = new KilledContacts();
    const { fixture } = killed;
    await fixture.stop();
    Deno.removeSync(fixture.database);
    fixture.card({ uniqueId: "J", firstName: "Jane", phones: [JANE, HOME], emails: [JANE_MAIL] });
    fixture.card({ uniqueId: "O", firstName: "Omar", phones: [OMAR, HOME] });
    for (const address of [JANE, JANE_MAIL, OMAR, HOME]) fixture.from(address);
    return killed;
  }

  async start(label?: string): Promise<Sidecar> {
    const { database, chatDb, addressBook } = this.fixture;
    const cut = label === undefined ? {} : { label };
    const sidecar = new Sidecar(
      childArgs({ database, messagesDb: chatDb, addressbookDir: addressBook, ...cut }),
    );
    await sidecar.until((lines) => lines.length > 0);
    const feed = sidecar.lines[0]?.["feed"];
    await sidecar.send({ type: "subscribe", topics: ["*"], after: this.#lastSeq, feed });
    return sidecar;
  }

  /** One that is not cut off, until contacts and messages are in. */
  async whole(): Promise<void> {
    const sidecar = await this.start();
    await sidecar.send({ type: "sync" });
    await sidecar.until((lines) => lines.some(({ type }) => type === "synced"));
    await this.end(sidecar);
  }

  async end(sidecar: Sidecar): Promise<void> {
    await sidecar.endInput();
    equal((await sidecar.gone()).code, 0);
    this.#hear(sidecar);
  }

  /** One that does not come to the step within 5 s is ended, and the test fails. */
  async killed(sidecar: Sidecar): Promise<void> {
    const late = setTimeout(() => sidecar.kill("SIGTERM"), 5_000);
    const { signal } = await sidecar.gone();
    clearTimeout(late);
    equal(signal, "SIGKILL", "it came to the step");
    this.#hear(sidecar);
  }

  async judge(): Promise<void> {
    await this.whole();
    const { fixture } = this;
    await fixture.restart();
    const stored = fixture.column("SELECT seq FROM sync_events ORDER BY seq");
    deepEqual(this.heard.map(({ seq }) => seq), stored, "each event once, none missing");
    deepEqual(fixture.rows("PRAGMA main.foreign_key_check"), []);
    equal((await fixture.sync()).idle, true, "nothing is left to do");
    await using fresh = new ContactsFixture();
    await fresh.readFrom(fixture);
    await fresh.sync();
    deepEqual(logicalContent(fixture.db), logicalContent(fresh.db));
  }

  get #lastSeq(): number {
    return this.heard.at(-1)?.seq ?? 0;
  }
  #hear(sidecar: Sidecar): void {
    const said = sidecar.stored().toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    for (const line of said) {
      if ((line.seq ?? 0) <= this.#lastSeq + 1) this.heard.push(line);
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.fixture[Symbol.asyncDispose]();
  }
}

slowTest(
  "a first contact sync killed at each of its steps ends in silence like one that was not",
  async () => {
    await using run = await KilledContacts.open();
    for (const label of LABELS.contacts) await run.killed(await run.start(label));
    await run.judge();
    deepEqual(run.heard, []);
  },
);

slowTest("a later contact sync killed at each of its steps tells every change once", async () => {
  await using run = await KilledContacts.open();
  await run.whole();
  const { contacts } = run.fixture;
  const steps = LABELS.contacts.filter((label) => label !== "contacts.first.before_commit");
  // Alternately the number is Jane's, Omar's, or both's; the names change, too.
  const edit = (n: number) =>
    contacts.inOneCommit(ROOT_STORE, () => {
      const owner = ["J", "O", "JO"][n % 3] ?? "";
      const phones = (id: string, own: string) => [own, ...owner.includes(id) ? [HOME] : []];
      contacts.editCard({
        store: ROOT_STORE,
        uniqueId: "J",
        firstName: `Jane ${n}`,
        phones: phones("J", JANE),
      });
      contacts.editCard({ store: ROOT_STORE, uniqueId: "O", phones: phones("O", OMAR) });
    });
  for (const [n, label] of steps.entries()) {
    edit(n);
    await run.killed(await run.start(label));
  }
  edit(0);
  await run.whole();
  edit(1);
  await run.killed(await run.start(LABELS.contactsLater[0]));
  await run.judge();
});

Deno.test("a rename killed before its commit leaves no trace, and one killed after it is carried through", async () => {
  await using run = await KilledContacts.open();
  await run.whole();
  const before = await run.start(LABELS.contactsLater[1]);
  await rename(before, "Ma");
  await run.killed(before);
  const whole = await run.start();
  await rename(whole, "Mum");
  await run.end(whole);
  const after = await run.start("contacts.follow.before");
  await rename(after, "");
  await run.killed(after);
  await run.judge();
});

/** Asks over HTTP; whoever is killed meanwhile does not answer. */
async function rename(sidecar: Sidecar, name: string): Promise<void> {
  const ready = await sidecar.ready();
  await fetch(`${ready["url"]}/api/v1/contacts/2/name`, {
    method: "PUT",
    headers: { authorization: "Bearer test-token", "content-type": "application/json" },
    body: JSON.stringify({ name }),
  }).then((response) => response.body?.cancel(), () => {});
}
