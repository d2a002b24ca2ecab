import { counted } from '../../base/counted.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { harmless } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import type { ReadFile } from './read-data.ts';

/** Says what each file was taken for, and what of it was none of that. */
export function tellFiles(read: readonly ReadFile[], screen: Screen): void {
  for (const { path, format, records, undated, rejects, firstReject, cut } of read) {
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
    if (cut !== undefined) screen.note(harmless(cut));
  }
}

/**
 * LG_INGEST_FILE_UNREADABLE when a file that was said to be of a format holds nothing of it: most
 * likely it is of another, and an empty timeline would look like good news. Of a folder that was
 * said to be of one format, all of it must be in vain.
 */
export function refuseInVain(read: readonly ReadFile[]): void {
  const vain = read.filter(({ isForced, records, rejects }) => isForced && records + rejects > 0);
  const isEmpty = vain.every(({ records }) => records === 0);
  const wrong = vain.find(({ records, isFound }) => records === 0 && (isEmpty || !isFound));
  if (wrong === undefined) return;
  const { path, format, rejects, firstReject } = wrong;
  const why = `${counted(rejects, 'reject')}, no record (the first: ${firstReject ?? ''})`;
  const advice = `name it without "${format ?? ''}:" to let its content tell what it is`;
  throw lgError('LG_INGEST_FILE_UNREADABLE', `none of ${path} is ${format}: ${why}; ${advice}`);
}
