/** Plays steps: what the simulated Messages app does to its file, what happens to the file, and when we look. */
import { RELEASES } from "../../../src/simulator/releases.ts";
import { CHECKPOINT_MODES } from "../../../src/simulator/operations/inputs.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import type { SyncFixture } from "../../support/sync_fixture.ts";
import { copyOver, copyTo, putInPlace, restoreInto } from "./file_swaps.ts";
import { changeChats, changePictures } from "./sequence_chats.ts";
import { HOUR_MS, PEOPLE, pick, SequenceFile } from "./sequence_file.ts";
import type { SequenceLooks } from "./sequence_looks.ts";
import { addMessages, changeMessages } from "./sequence_messages.ts";
import type { Step } from "./sequence_steps.ts";

export class SequencePlayer {
  readonly #fixture: SyncFixture;
  readonly #looks: SequenceLooks;
  readonly #file: SequenceFile;
  /** Copies of the file at earlier times. */
  readonly #snapshots: string[] = [];

  constructor(fixture: SyncFixture, looks: SequenceLooks) {
    this.#fixture = fixture;
    this.#looks = looks;
    this.#file = new SequenceFile(fixture);
    fixture.app.createChat({ address: PEOPLE[0] ?? "" });
  }

  /** Messages of long ago, in one commit. */
  fill(count: number): void {
    const { app } = this.#fixture;
    const [chat] = this.#file.all("chats");
    if (chat === undefined) return;
    app.inOneCommit(() => {
      for (let i = 0; i < count; i++) {
        const from = i % 3 === 0 ? {} : { from: PEOPLE[0] ?? "" };
        app.message({
          chat,
          ...from,
          text: `${i} `.repeat(20),
          dateMs: NOON_MS - (count - i) * 7 * 60_000 - 1,
        });
      }
    });
  }

  play(step: Step): void {
    this.#file.goOn(1 + step.c % 5_000 + (step.c % 7 === 0 ? 2 * HOUR_MS : 0));
    const ofMessages = [addMessages, changeMessages, changeChats, changePictures];
    if (!ofMessages.some((play) => play(this.#file, step))) this.#isOfTheFile(step);
  }

  #isOfTheFile({ kind, a, b, c }: Step): void {
    const { app } = this.#fixture;
    switch (kind) {
      case "upgrade": {
        const next = RELEASES[RELEASES.indexOf(this.#file.release) + 1 + a % 2];
        if (next !== undefined) app.upgrade({ release: next });
        return;
      }
      case "checkpoint":
        app.checkpoint({ mode: pick(CHECKPOINT_MODES, a) });
        return;
      case "sync":
        return this.#looks.catchUp(1 + c % 40);
      case "slices":
        return this.#looks.compare(1 + c % 3);
      case "ask":
        return this.#looks.ask();
      case "restart":
        return this.#looks.restart();
      case "kill":
        return this.#looks.dieAt(1 + c % 24);
      case "snapshot":
        this.#snapshots.push(this.#copy());
        return;
      case "replaced":
        return this.#looks.otherFile(() => putInPlace(this.#fixture, this.#copy(), { running: b % 2 === 0 }));
      case "restored":
        return this.#withSnapshot(a, (path) => {
          const copy = `${path}.copy`;
          Deno.copyFileSync(path, copy);
          putInPlace(this.#fixture, copy, { running: b % 2 === 0 });
        });
      case "copiedOver":
        return this.#withSnapshot(a, (path) => copyOver(this.#fixture, path));
      case "restoredInto":
        return this.#withSnapshot(a, (path) => restoreInto(app.db, path));
      default:
        throw new Error(`Nobody plays ${kind}`);
    }
  }

  #copy(): string {
    const path = `${this.#fixture.folder}/copy-${this.#file.nextNumber()}.db`;
    copyTo(this.#fixture, path);
    return path;
  }

  #withSnapshot(at: number, work: (path: string) => void): void {
    const path = this.#snapshots[at % Math.max(1, this.#snapshots.length)];
    if (path !== undefined) this.#looks.otherFile(() => work(path));
  }
}
