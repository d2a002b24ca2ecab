import type { RowRange } from '../segment/row-range.ts';
import type { SegmentReader } from '../segment/segment-reader.ts';
import { TEXT_COLUMNS, type TextColumn } from './text-filter.ts';
import type { TextPlaces } from './text-lookup.ts';
import type { TextPages } from './text-pages.ts';
import { textSeeker, type LoweredTexts } from './text-seeker.ts';
import { spellingsOf } from './text-tokens.ts';

/** Row groups looked into at once: each is a megabyte while it is, and hosts have few cores. */
const GROUPS_AT_ONCE = 4;

/** A segment in which a text is sought. */
export interface ScannedSegment {
  readonly id: string;
  readonly reader: Pick<SegmentReader, 'groups' | 'readChunk'>;
  readonly pages: TextPages;
}

/**
 * Looks into the row groups where a text may be and answers those that the database must read. It
 * takes a fraction of what the database needs, because no row is taken apart. A text that all of
 * the first groups may hold is common: then the rest is not looked into.
 */
export async function scanForText(
  { id, reader, pages }: ScannedSegment,
  places: TextPlaces | undefined,
  text: string,
): Promise<TextPlaces | undefined> {
  const seekers = spellingsOf(text).flatMap((spelling) => textSeeker(spelling) ?? []);
  if (seekers.length < spellingsOf(text).length) return places;
  const seek = (texts: LoweredTexts): boolean => seekers.some((each) => each(texts));
  const holding = async (group: number): Promise<readonly TextColumn[]> => {
    const columns: TextColumn[] = [];
    for (const column of places?.columns ?? TEXT_COLUMNS) {
      const read = (): Uint8Array => reader.readChunk(column, group);
      if (await pages.mayHold({ segment: id, column, group }, read, seek)) columns.push(column);
    }
    return columns;
  };
  const rows: RowRange[] = [];
  const within = new Set<TextColumn>();
  const groups = reader.groups(places?.rows);
  for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) {
    const some = groups.slice(at, at + GROUPS_AT_ONCE);
    const columns = await Promise.all(some.map(({ number }) => holding(number)));
    if (at === 0 && columns.every((each) => each.length > 0)) return places;
    rows.push(...some.filter((_, i) => columns[i]?.length !== 0));
    for (const column of columns.flat()) within.add(column);
  }
  return { rows, columns: [...within] };
}
