import type { TimeNs } from '../../../base/time.ts';
import type { ZoneMinutes } from '../text/civil-time.ts';
import { parseRfc3164 } from './parse-rfc3164.ts';
import { looksLikeRfc5424, parseRfc5424 } from './parse-rfc5424.ts';
import { PRIORITY_DEFAULT, type SyslogResult } from './syslog-message.ts';

/** local7.debug. */
const PRIORITY_MAX = 191;

/**
 * Parses a syslog message of RFC 5424 or RFC 3164. A message without a priority counts as
 * user.notice; one with a broken priority or a broken RFC 5424 header is rejected. A message that
 * a relay put behind a header of its own is that of its origin. What a program wrote is of its
 * host, whatever it quotes; otherwise a line of its log could speak for any device.
 */
export function parseSyslog(
  text: string,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): SyslogResult {
  const outer = parseOne(text, observedNs, zoneMinutes);
  if (outer.kind === 'reject' || !beginsWithPriority(outer.message.text)) return outer;
  const { host: relay, app, processId } = outer.message;
  if (app !== undefined || processId !== undefined) return outer;
  const inner = parseOne(outer.message.text, observedNs, zoneMinutes);
  // Without a host and a stamp of its own it may be anything that somebody quotes.
  if (inner.kind === 'reject' || relay === undefined) return outer;
  const { host, time } = inner.message;
  if (host === undefined || time === undefined) return outer;
  return host === relay ? inner : { kind: 'message', message: { ...inner.message, relay } };
}

/** Whether a text begins as a message does that was wrapped; `at` is where. */
export function beginsWithPriority(text: string, at = 0): boolean {
  const digit = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 0x3c && digit >= 0x30 && digit <= 0x39;
}

function parseOne(text: string, observedNs: TimeNs, zoneMinutes: ZoneMinutes): SyslogResult {
  const message = (rest: string, priority: number): SyslogResult => ({
    kind: 'message',
    message: parseRfc3164(rest, priority, observedNs, zoneMinutes),
  });
  if (!text.startsWith('<')) return message(text, PRIORITY_DEFAULT);
  const header = /^<(\d{1,3})>/.exec(text);
  const priority = Number(header?.[1] ?? Number.NaN);
  if (header === null || !(priority <= PRIORITY_MAX)) {
    return { kind: 'reject', reason: `the priority is no number from 0 to ${PRIORITY_MAX}` };
  }
  const rest = text.slice(header[0].length);
  if (looksLikeRfc5424(rest)) return parseRfc5424(rest, priority);
  return message(rest, priority);
}
