import { parseRfc3339 } from '../../../base/time.ts';
import { readStructuredData } from './structured-data.ts';
import type { SyslogResult } from './syslog-message.ts';

/** VERSION to MSGID: six words, each with one space behind it. */
const HEADER =
  /^([1-9]\d{0,2}) (\S{1,64}) ([!-~]{1,255}) ([!-~]{1,255}) ([!-~]{1,255}) ([!-~]{1,255}) /;

/** RFC 5424 wants capitals, no leap second and at most microseconds; nanoseconds are harmless. */
const STAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Whether what stands behind the priority claims to be RFC 5424: a version and a space. */
export function looksLikeRfc5424(rest: string): boolean {
  return /^[1-9]\d{0,2} (?:-|\d{4}-\d{2})/.test(rest);
}

/** Reads what stands behind the priority of an RFC 5424 message (section 6). */
export function parseRfc5424(rest: string, priority: number): SyslogResult {
  const header = HEADER.exec(rest);
  if (header === null) return reject('its header is not complete');
  const [whole, version, stamp = '-', host, app, processId, messageId] = header;
  const time = stamp === '-' || !STAMP.test(stamp) ? undefined : parseRfc3339(stamp);
  if (stamp !== '-' && time === undefined) return reject('its timestamp is none of RFC 3339');
  const structured = readStructuredData(rest, whole.length);
  if (structured === undefined) return reject('its structured data is malformed');
  const { data, original, end } = structured;
  if (end < rest.length && rest[end] !== ' ') return reject('its structured data does not end');
  return {
    kind: 'message',
    message: {
      priority,
      version: Number(version),
      time,
      host: word(host),
      app: word(app),
      processId: word(processId),
      messageId: word(messageId),
      structuredData: data,
      structuredOriginal: original,
      isIrregular: isTooLong(app, 48) || isTooLong(messageId, 32) || isIrregularData(original),
      text: rest.slice(end + 1).replace(/^\ufeff/, ''),
    },
  };
}

/** The limits of RFC 5424, which senders pass over: such a message is taken all the same. */
function isTooLong(text: string | undefined, charsMax: number): boolean {
  return text !== undefined && text.length > charsMax;
}

/** Names beyond 32 characters, repeated elements or an escape that is none (section 6.3.3). */
function isIrregularData(original: string | undefined): boolean {
  if (original === undefined) return false;
  if (/[^\s="[\]]{33}=|(?<!\\)(?:\\\\)*\\[^"\\\]]/.test(original)) return true;
  const ids = [...original.matchAll(/\[([^\s\]="]+)/g)].map(([, id]) => id);
  return new Set(ids).size < ids.length;
}

function word(text: string | undefined): string | undefined {
  return text === '-' ? undefined : text;
}

function reject(why: string): SyslogResult {
  return { kind: 'reject', reason: `an RFC 5424 message, but ${why}` };
}
