import { messageEvent, type MessageEvent } from './message-event.ts';

const BRACKET = 0x5b;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;

/** `OSPF: [Y05P2-YJVXY] `: FRR's daemons in a file, by the names they give themselves there. */
const FRR_LINE = /^(BGP|OSPF|OSPF6|ISIS|BFD|VRRP|WATCHFRR): (?=\[[A-Z0-9]{5}-[A-Z0-9]{5}\])/;

const FRR_DAEMONS: Readonly<Record<string, string>> = {
  BGP: 'bgpd',
  OSPF: 'ospfd',
  OSPF6: 'ospf6d',
  ISIS: 'isisd',
  BFD: 'bfdd',
  VRRP: 'vrrpd',
  WATCHFRR: 'watchfrr',
};

/** `[notice] 8645#8645: ` of nginx, `[warning] <0.123.0> ` of RabbitMQ. */
const LEVEL_LINE = /^\[\w{4,8}\] (?:(?<nginx>\d{1,10}#\d)|<\d{1,6}\.\d)/;

/** `6740:M 20 Nov 2026 …` of Redis. */
const REDIS_LINE = /^\d{1,10}:[CMSX] /;

/**
 * The event that a line of a server's own file tells. Which server it is of is seen from how it
 * goes on behind its stamp, which ends at `end`; a file says nothing else of who writes it.
 */
export function lineEvent(line: string, end: number): MessageEvent | undefined {
  const at = line.charCodeAt(end) === 0x20 ? end + 1 : end;
  const first = line.charCodeAt(at);
  if (first >= UPPER_A && first <= UPPER_Z) {
    const found = FRR_LINE.exec(line.slice(at, at + 40));
    if (found === null) return undefined;
    return messageEvent(FRR_DAEMONS[found[1] ?? ''], line.slice(at + found[0].length));
  }
  if (first === BRACKET) {
    const second = line.charCodeAt(at + 1);
    const rest = line.slice(at);
    if (second >= ZERO && second <= NINE) return messageEvent('postgres', rest);
    const level = LEVEL_LINE.exec(rest);
    if (level === null) return undefined;
    return messageEvent(level.groups?.['nginx'] === undefined ? 'rabbitmq' : 'nginx', rest);
  }
  return REDIS_LINE.test(line) ? messageEvent('redis', line.slice(at)) : undefined;
}
