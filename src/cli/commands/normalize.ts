import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Option } from 'commander';
import { counted } from '../../base/counted.ts';
import { messageOf } from '../../base/error.ts';
import { fromUnixMs } from '../../base/time.ts';
import { FORMATS } from '../../evidence/normalize/formats.ts';
import { batchRecords } from '../../model/record/batch-records.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { fileInventory } from '../offline/file-inventory.ts';

/** `lastgood normalize`: raw input to records, one JSON document a line; rejects never stop it. */
export const addNormalize: AddCommand = (program, bind) => {
  const format = new Option('--format <format>', 'how the input is written');
  addExamples(program.command('normalize <file>'), [
    'normalize --format syslog /var/log/messages',
    'normalize --format journal-json - < journal.json',
  ])
    .description('raw input to records, one a line; - reads standard input')
    .addOption(format.choices(Object.keys(FORMATS)).makeOptionMandatory())
    .action(
      bind(async (invocation, { format: name }: { readonly format: string }, [file = '-']) => {
        const factory = FORMATS[name];
        if (factory === undefined) throw lgError('LG_RUNTIME_USAGE', `--format is "${name}"`);
        const { resolve } = await fileInventory(invocation);
        const normalizer = factory({
          source: file === '-' ? 'stdin' : basename(file),
          observedNs: () => fromUnixMs(Date.now()),
          resolve,
          zoneMinutes: (ms) => -new Date(ms).getTimezoneOffset(),
        });
        const printer = new Printer();
        for await (const chunk of bytesOf(file)) await printer.print(normalizer.push(chunk));
        await printer.print(normalizer.end());
        if (!printer.isInVain) return 0;
        const what = `none of ${file} is ${name}: ${counted(printer.rejects, 'reject')}, no record`;
        process.stderr.write(`${what}\n`);
        return 1;
      }),
    );
};

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const chunk of input) yield chunk;
  } catch (cause) {
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${file}: ${messageOf(cause)}`, cause);
  }
}

/** What a normalizer makes of a piece of input. */
type Normalized = ReturnType<ReturnType<(typeof FORMATS)[string]>['push']>;

/** Prints records and rejects in the order of the input, no faster than they are taken. */
class Printer {
  #records = 0;
  #rejects = 0;

  get rejects(): number {
    return this.#rejects;
  }

  /** There was input, and nothing of it became a record: most likely the format is another. */
  get isInVain(): boolean {
    return this.#records === 0 && this.#rejects > 0;
  }

  async print(parts: Normalized): Promise<void> {
    for (const part of parts) {
      if (part.kind === 'reject') {
        this.#rejects += 1;
        await this.#write(`${JSON.stringify({ reject: part.reject })}\n`);
        continue;
      }
      const records = batchRecords(part.batch, this.#records);
      this.#records += records.length;
      await this.#write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    }
  }

  #write(text: string): Promise<void> {
    if (process.stdout.write(text)) return Promise.resolve();
    return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
  }
}
