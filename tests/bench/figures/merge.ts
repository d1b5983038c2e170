/** A merge and its undo, against the bare UPDATE of the same rows, in this process, in turn. */
import { integer } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { type Figure, thousands } from "../bench.ts";
import { ContactsSubject } from "../contacts_subject.ts";
import { median } from "../quantiles.ts";
import bareRepoint from "../programs/bare_repoint.sql" with { type: "text" };
import givesSender from "../programs/gives_sender.sql" with { type: "text" };

export const mergeFigure: Figure = {
  name: "merge",
  async run({ sizes, ground }) {
    const place = await ground.imported(sizes.messages);
    using subject = new ContactsSubject(place.database, `${place.database}-no-contacts`);
    const { db, writer, changeLog } = subject;
    const [from, into] = twoContacts(db);
    db.prepare(givesSender).run({ contact: from, count: sizes.mergeMessages });
    const times = { bare: [] as number[], merge: [] as number[], undo: [] as number[] };
    for (let i = 0; i < sizes.merges; i++) {
      changeLog.set("off");
      for (const [a, b] of [[from, into], [into, from]] as const) {
        times.bare.push(timed(() => db.transaction(() => db.prepare(bareRepoint).run({ from: a, into: b }))));
      }
      const planned = { fromId: from, intoId: into, reason: "one_card" } as const;
      const evidence = { cards: [], identifiers: [] };
      times.merge.push(timed(() => writer.merge({ ...planned, evidence }, true)));
      const row = db.prepare("SELECT max(id) AS id FROM contact_merges").get() ?? {};
      times.undo.push(timed(() => writer.undo(integer(row, "id"), "cards", "bench", true)));
    }
    ground.drop(place);
    const [bare, merge, undo] = [median(times.bare), median(times.merge), median(times.undo)];
    const name = `of a contact with ${thousands(sizes.mergeMessages)} messages`;
    const note = (ms: number) =>
      `${ms.toFixed(0)} ms against ${bare.toFixed(0)} ms, medians of ${sizes.merges} in turn`;
    return [
      {
        figure: `merge ${name}: times the bare UPDATE`,
        measured: merge / bare,
        unit: "×",
        bound: 1.5,
        note: note(merge),
      },
      {
        figure: `undo of that merge: times the bare UPDATE`,
        measured: undo / bare,
        unit: "×",
        bound: 1.5,
        note: note(undo),
      },
    ];
  },
};

/** Two who have sent nothing yet would be alike; any two do. */
function twoContacts(db: Connection): readonly [number, number] {
  const [a, b] = db.prepare("SELECT id FROM contacts WHERE NOT is_me ORDER BY id LIMIT 2").all();
  return [integer(a ?? {}, "id"), integer(b ?? {}, "id")];
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
