import { byteWords } from '../../part/byte-words.ts';
import { nanosecondWords, spanWords } from '../../time/words.ts';

/** The names by which OpenTelemetry calls a share of a whole. */
const SHARE = /(utilization|ratio|stalled|percent)$/;

/** A metric's value as a person would say it: `6.6 MB`, `79 %`, `51.7 ms`. */
export function valueWords(name: string, value: number, unit: string): string {
  if (unit === 'By') return value < 0 ? `−${byteWords(-value)}` : byteWords(value);
  if (unit === '1' || unit === '') return SHARE.test(name) ? shareWords(value) : plain(value);
  if (unit === '%') return `${plain(value)} %`;
  if (unit === 's' && value === 0) return '0 s';
  if (unit === 's') return value >= 5_400 ? spanWords(value * 1000) : nanosecondWords(value * 1e9);
  if (unit === 'ns') return nanosecondWords(value);
  const counted = /^\{(.+)\}$/.exec(unit)?.[1]?.replaceAll('_', ' ');
  return `${plain(value)} ${counted ?? unit}`;
}

function shareWords(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}

/** At most one decimal for large numbers, three digits for small ones, thousands set apart. */
function plain(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value * 10) / 10 : value.toPrecision(3);
  return Number(rounded).toLocaleString('en');
}
