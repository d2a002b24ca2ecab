import { fromBase64, fromUtf8, toBase64, utf8 } from '../../../base/bytes.ts';
import type { Place } from './engine/protocol.ts';

type Order = 'newest' | 'oldest' | 'arrival';

/** A place in an order, and the version of the clocks by which that is the order. */
export interface CursorPlace extends Place {
  readonly version: number;
}

/** A place as users carry it: opaque, and of no use in another order. */
export function writeCursor(order: Order, { moment, seq, version }: CursorPlace): string {
  const text = toBase64(utf8(`${order}.${moment}.${seq}.${version}`));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const FORM = /^(newest|oldest|arrival)\.(-?\d{1,19})\.(\d{1,16})\.(\d{1,16})$/;

/** The place of a cursor of this order; undefined for anything that `writeCursor` did not write. */
export function readCursor(order: Order, cursor: string): CursorPlace | undefined {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(cursor)) return undefined;
  const base64 = cursor.replaceAll('-', '+').replaceAll('_', '/');
  const match = FORM.exec(fromUtf8(fromBase64(base64)));
  if (match === null || match[1] !== order) return undefined;
  const moment = BigInt(match[2] ?? '0');
  const seq = Number(match[3]);
  const version = Number(match[4]);
  if (BigInt.asIntN(64, moment) !== moment || !Number.isSafeInteger(seq)) return undefined;
  return { moment, seq, version };
}
