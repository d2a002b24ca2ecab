import type { TimeNs } from '../../../base/time.ts';
import type { ZoneMinutes } from '../text/civil-time.ts';
import { parseRfc3164 } from './parse-rfc3164.ts';
import { looksLikeRfc5424, parseRfc5424 } from './parse-rfc5424.ts';
import { PRIORITY_DEFAULT, type SyslogResult } from './syslog-message.ts';

/** local7.debug. */
const PRIORITY_MAX = 191;

/**
 * Parses a syslog message of RFC 5424 or RFC 3164. A message without a priority counts as
 * user.notice; one with a broken priority or a broken RFC 5424 header is rejected.
 */
export function parseSyslog(
  text: string,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): SyslogResult {
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
