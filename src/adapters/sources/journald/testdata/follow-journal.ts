import * as fs from 'node:fs';
import { join } from 'node:path';

// Stands for journalctl where there is none: prints the entries of DIRECTORY/entries.journal, which
// is text in the export format here, from `--cursor` on (or from the entry after it, when that one
// is gone), and those that are appended. What it cannot do is tested against the real one.
const word = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const path = join(word('directory') ?? '.', 'entries.journal');
const numberOf = (cursor: string): number => Number.parseInt(/;i=([0-9a-f]+)/.exec(cursor)?.[1] ?? '0', 16);
const from = numberOf(word('cursor') ?? '');
let printed = 0;

function print(): void {
  const text = fs.readFileSync(path, 'latin1');
  const end = text.lastIndexOf('\n\n') + 2;
  if (end <= Math.max(printed, 1)) return;
  const entries = text.slice(printed, end).split(/(?<=\n\n)/);
  printed = end;
  const wanted = entries.filter((entry) => {
    const cursor = /^__CURSOR=(.*)$/m.exec(entry)?.[1];
    return cursor === undefined || numberOf(cursor) >= from;
  });
  process.stdout.write(Buffer.from(wanted.join(''), 'latin1'));
}

process.stdout.on('error', () => process.exit(1));
setInterval(print, 10);
