/** The AddressBook against many messages: the first sync, and one that finds nothing, in this process. */
import process from "node:process";
import { integer } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { type Figure, thousands } from "../bench.ts";
import { ContactsSubject, holdsDuring } from "../contacts_subject.ts";
import { median, quantile } from "../quantiles.ts";

const IDLE_RUNS = 50;

export const contactsFigure: Figure = {
  name: "contacts",
  async run({ sizes, ground }) {
    const place = await ground.imported(sizes.messages, sizes.contactChats);
    const { folder, handles } = ground.addressBook(place, sizes.cards);
    using subject = new ContactsSubject(place.database, folder);
    const named = () =>
      countOf(subject.db, "SELECT count(*) AS n FROM contacts WHERE name_source = 'addressbook'");
    let firstMs = NaN;
    const cpuBefore = process.cpuUsage();
    const holds = await holdsDuring(async () => {
      const startedAt = performance.now();
      await subject.sync.sync(true);
      firstMs = performance.now() - startedAt;
    });
    const cpu = process.cpuUsage(cpuBefore);
    const again: number[] = [];
    for (let i = 0; i < IDLE_RUNS; i++) {
      const startedAt = performance.now();
      const { idle } = await subject.sync.sync(false);
      again.push(performance.now() - startedAt);
      if (!idle) throw new Error("The second contact sync was not idle");
    }
    const merges = countOf(subject.db, "SELECT count(*) AS n FROM contact_merges");
    const name = `${thousands(sizes.cards)} cards in 3 stores`;
    const note = `${thousands(sizes.messages)} messages from ${thousands(handles.length)} handles; ` +
      `${thousands(named())} contacts named, ${thousands(merges)} merged; processor time ${
        ((cpu.user + cpu.system) / 1e6).toFixed(1)
      } s`;
    ground.drop(place);
    return [
      { figure: `${name}: first sync`, measured: firstMs / 1000, unit: "s", bound: 3, note },
      {
        figure: `${name}: event loop held, p99`,
        measured: quantile(holds, 0.99),
        unit: "ms",
        bound: 50,
        note: `of ${holds.length} stretches of 1 ms and more; the longest, which may be a merge: ${
          Math.max(...holds).toFixed(0)
        } ms`,
      },
      {
        figure: `${name}: again, nothing changed`,
        measured: median(again),
        unit: "ms",
        bound: 5,
        note: `median of ${again.length}, at most ${Math.max(...again).toFixed(1)} ms`,
      },
    ];
  },
};

export function countOf(db: Connection, sql: string): number {
  return integer(db.prepare(sql).get() ?? {}, "n");
}
