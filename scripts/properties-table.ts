import { PROPERTIES } from '../test/properties/properties.ts';
import type { Property } from '../test/properties/property.ts';
import { table } from './markdown-table.ts';

/** The 25 properties as `docs/recovery.md` shows them: what is promised, kept and proven. */
export function propertiesTable(): string {
  const head = ['', 'Property', 'How it is kept', 'What fails without that'];
  return table(head, PROPERTIES.map(rowOf));
}

function rowOf({ number, name, sentence, safeguards, limit }: Property): readonly string[] {
  const rest = limit === undefined ? '' : ` *Not kept:* ${limit}`;
  const kept = safeguards.map(({ does, file }) => `${does} (\`${file.replace(/^src\//, '')}\`)`);
  const proofs = new Set(safeguards.map(({ proof }) => `"${proof.test}"`));
  return [
    String(number),
    `**${name}.** ${sentence}${rest}`,
    kept.join('; '),
    [...proofs].join('; '),
  ];
}
