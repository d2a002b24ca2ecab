import { DuckDBListValue } from '@duckdb/node-api';
import type { ColumnName } from '../columns.ts';
import type { DuckDb } from './duck-db.ts';

/** The columns that hold numbers of the dictionary. */
export const TEXT_NUMBERS: readonly ColumnName[] = [
  'component',
  'host',
  'service',
  'severity_text',
  'event_name',
  'resource',
  'source',
  'clock',
  'sender',
];

/** Rows to be taken over: their table, its dictionary, and which rows of it. */
export interface InputRows {
  readonly table: string;
  readonly dictionary: readonly string[];
  readonly keep: string;
}

/** One dictionary for the rows of several tables, and how each table's numbers map to it. */
export interface JointDictionary {
  readonly dictionary: readonly string[];
  readonly maps: readonly (readonly number[])[];
}

/**
 * Joins dictionaries. Only texts that a row still uses are taken over: what retention gave up must
 * not live on in the dictionary.
 */
export async function joinDictionaries(
  database: DuckDb,
  inputs: readonly InputRows[],
): Promise<JointDictionary> {
  const dictionary = [''];
  const numbers = new Map([['', 0]]);
  const maps: number[][] = [];
  for (const input of inputs) {
    const map = new Array<number>(input.dictionary.length).fill(0);
    for (const used of await usedNumbers(database, input)) {
      const text = input.dictionary[used] ?? '';
      let number = numbers.get(text);
      if (number === undefined) {
        number = dictionary.length;
        dictionary.push(text);
        numbers.set(text, number);
      }
      map[used] = number;
    }
    maps.push(map);
  }
  return { dictionary, maps };
}

async function usedNumbers(
  database: DuckDb,
  { table, keep }: InputRows,
): Promise<ReadonlySet<number>> {
  const lists = TEXT_NUMBERS.map((column) => `list(DISTINCT ${column})`);
  const [row = []] = await database.rows(`SELECT ${lists.join(', ')} FROM ${table} WHERE ${keep}`);
  return new Set(
    row.flatMap((list) => (list instanceof DuckDBListValue ? list.items.map(Number) : [])),
  );
}
