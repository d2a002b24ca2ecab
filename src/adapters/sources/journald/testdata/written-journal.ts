import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A journal that a test writes by hand, and the program that follows it. */
export class WrittenJournal {
  readonly folder: string;
  readonly program = [process.execPath, join(import.meta.dirname, 'follow-journal.ts')];
  #next = 1;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty one in a folder of its own. */
  static async make(): Promise<WrittenJournal> {
    const journal = new WrittenJournal(await fs.mkdtemp(join(tmpdir(), 'lastgood-journal-')));
    await fs.writeFile(journal.path, '');
    return journal;
  }

  get path(): string {
    return join(this.folder, 'entries.journal');
  }

  /** Appends an entry for each text. */
  async add(...texts: readonly string[]): Promise<void> {
    const entries = texts.map((text) => {
      const number = (this.#next += 1);
      const micros = 1_795_216_923_805_000 + number;
      const cursor = `s=ab;i=${number.toString(16)};b=cd;m=1;t=${micros.toString(16)};x=ef`;
      const lines = [`__CURSOR=${cursor}`, `__REALTIME_TIMESTAMP=${micros}`, `MESSAGE=${text}`];
      return `${lines.join('\n')}\n\n`;
    });
    await fs.appendFile(this.path, entries.join(''));
  }

  /** Removes the oldest entries, as rotation does. */
  async vacuum(entries: number): Promise<void> {
    const kept = (await fs.readFile(this.path, 'latin1')).split(/(?<=\n\n)/).slice(entries);
    await fs.writeFile(this.path, kept.join(''), 'latin1');
  }

  async remove(): Promise<void> {
    await fs.rm(this.folder, { recursive: true });
  }
}
