import { counted } from '../../base/counted.ts';
import { harmless } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import type { ReadFile } from './read-data.ts';

/** Says what each file was taken for, and what of it was none of that. */
export function tellFiles(read: readonly ReadFile[], screen: Screen): void {
  for (const { path, format, records, undated, rejects, firstReject } of read) {
    if (format === undefined) {
      screen.note(`${path}: passed over; binary, of no known format`);
      continue;
    }
    const lost =
      rejects === 0
        ? ''
        : `, ${counted(rejects, 'reject')} (the first: ${harmless(firstReject ?? '')})`;
    const dated =
      undated === 0
        ? ''
        : `, ${undated} without a time that is known here: that of the file is taken`;
    screen.note(`${path}: ${format}, ${counted(records, 'record')}${dated}${lost}`);
  }
}
