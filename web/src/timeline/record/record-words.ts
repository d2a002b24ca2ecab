import type { TimelineRecord } from '../../api/types.ts';
import { valueWords } from './metric-words.ts';

/** The longest line a row shows; the whole is in the details. */
const LINE_CHARS_MAX = 400;

/** What a record says in one line: its event's name aside, its body, else what names it. */
export function lineOf(record: TimelineRecord): string {
  const text = [bodyOf(record) ?? named(record) ?? '', ...more(record)].join(' ');
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line;
}

/** A record's body as text: words as they stand, anything else as JSON. */
export function bodyOf({ body }: TimelineRecord): string | undefined {
  if (body === undefined || body === null || body === '') return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body, undefined, 1);
}

/** Where a span or a metric point carries the name that stands for it. */
const NAME_KEYS = ['span.name', 'metric.name', 'name', 'http.route', 'exception.message'] as const;

function named({ attributes }: TimelineRecord): string | undefined {
  for (const key of NAME_KEYS) {
    const value = attributes[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** What a span's or a metric's bare name leaves out: where a request went, what was measured. */
function more({ kind, body, attributes }: TimelineRecord): readonly string[] {
  if (kind === 'span') {
    const path = attributes['http.route'] ?? attributes['url.path'] ?? attributes['url.full'];
    const isBare = typeof body === 'string' && !body.includes(' ');
    return isBare && typeof path === 'string' ? [path] : [];
  }
  return kind === 'metric' ? [...measured(attributes), ...whichOf(attributes)] : [];
}

/** The value of a point, or what a histogram says in short. */
function measured(attributes: TimelineRecord['attributes']): readonly string[] {
  const { 'metric.name': name, 'metric.value': value, 'metric.unit': unit } = attributes;
  const told = (amount: number): string =>
    valueWords(String(name), amount, typeof unit === 'string' ? unit : '');
  if (typeof value === 'number') return [told(value)];
  const members = attributes['metric.histogram'];
  if (typeof members !== 'object' || members === null) return [];
  const { count, sum, max } = Object.fromEntries(Object.entries(members));
  if (typeof count !== 'number' || typeof sum !== 'number' || count === 0) return [];
  const most = typeof max === 'number' ? `, at most ${told(max)}` : '';
  return [`${told(sum / count)} on average of ${count.toLocaleString('en')}${most}`];
}

/** What says how a value was measured rather than of what. */
const ASIDE = /^(metric|otel|telemetry|network\.protocol|url\.scheme)\b/;

/** What tells a point from others of its metric: the disk, the direction. Long lists are cut. */
function whichOf(attributes: TimelineRecord['attributes']): readonly string[] {
  const values = Object.entries(attributes)
    .filter(([key, value]) => !ASIDE.test(key) && typeof value !== 'object')
    .map(([, value]) => String(value));
  return values.length === 0 ? [] : [`(${values.slice(0, WHICH_MAX).join(', ')})`];
}

/** As many names as fit beside a value. */
const WHICH_MAX = 4;

/** Who said it: the component, else the nearest thing known. */
export function originOf(record: TimelineRecord): string {
  return record.component ?? record.service ?? record.host ?? record.source.id;
}
