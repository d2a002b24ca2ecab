import { shellQuote } from '../../../base/shell-quote.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { ipOrders, type IpOrders } from './ip-orders.ts';

/** Orders as lines for a shell. */
export function ipCommands({ any, v4, v6 }: IpOrders): readonly string[] {
  return [
    ...any.map(commandOf('ip')),
    ...v4.map(commandOf('ip -4')),
    ...v6.map(commandOf('ip -6')),
  ];
}

/**
 * Links, addresses, routes and rules again, whatever is there now: what is as it was stays, and
 * what is beyond them, too, because a folder of files does not know of it. Whoever pastes it may do
 * so over what it changes: nothing goes before the same line has what takes its place.
 */
export function routesByHand(items: readonly StateItem[]): readonly string[] {
  // Several routes of one place are made anew, so they go first.
  const pairs = items.map((to) =>
    to.path.startsWith('route/') ? { path: to.path, from: to, to } : { path: to.path, to },
  );
  const { any, v4, v6 } = ipOrders(pairs);
  return [
    ...ipCommands({ any: any.map(asReplacing), v4: [], v6: [] }),
    ...familyCommands('ip -4', v4),
    ...familyCommands('ip -6', v6),
    '# what was added since stays: ip -d address; ip route show table all; ip rule',
  ];
}

/** An address that is there is no failure. */
function asReplacing(order: string): string {
  return order.replace(/^address add /, 'address replace ');
}

/** Runs of orders that begin with what goes are one line, for one process; others a line each. */
function familyCommands(program: string, orders: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < orders.length;) {
    const gone = countOf(orders, at, 'route del ');
    const come = countOf(orders, at + gone, 'route append ');
    const count = Math.max(gone + come, 1);
    lines.push(lineOf(program, orders.slice(at, at + count)));
    at += count;
  }
  return lines;
}

function countOf(orders: readonly string[], from: number, start: string): number {
  const end = orders.findIndex((order, at) => at >= from && !order.startsWith(start));
  return (end < 0 ? orders.length : end) - from;
}

/** A rule that is there already, or a route that is gone, must not end what is pasted. */
function lineOf(program: string, orders: readonly string[]): string {
  const [first = ''] = orders;
  const line = commandOf(program)(first);
  if (first.startsWith('rule add ')) return `${line} ${quietly(['File exists'])}`;
  if (orders.length === 1) return line;
  const batch = orders.map(shellQuote).join(' ');
  const words = ['No such process', 'Command failed -:'];
  return `printf '%s\\n' ${batch} | ${program} -force -batch - ${quietly(words)}`;
}

function quietly(words: readonly string[]): string {
  return `2>&1 | grep -v ${words.map((word) => `-e ${shellQuote(word)}`).join(' ')} || true`;
}

function commandOf(program: string): (order: string) => string {
  return (order) => `${program} ${order.split(' ').map(shellQuote).join(' ')}`;
}
