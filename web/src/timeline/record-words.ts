import type { TimelineRecord } from '../api/types.ts';

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
  const { 'metric.value': value, 'metric.unit': unit } = attributes;
  if (kind !== 'metric' || typeof value !== 'number') return [];
  return typeof unit === 'string' && unit !== '1' ? [String(value), unit] : [String(value)];
}

/** Who said it: the component, else the nearest thing known. */
export function originOf(record: TimelineRecord): string {
  return record.component ?? record.service ?? record.host ?? record.source.id;
}
