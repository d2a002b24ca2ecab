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
 * what is beyond them, too, because a folder of files does not know of it.
 */
export function routesByHand(items: readonly StateItem[]): readonly string[] {
  // Several routes of one place are made anew, so they go first.
  const pairs = items.map((to) =>
    to.path.startsWith('route/') ? { path: to.path, from: to, to } : { path: to.path, to },
  );
  const { any, v4, v6 } = ipOrders(pairs);
  const lines = ipCommands({ any: any.map(asReplacing), v4, v6 });
  return [
    ...lines.flatMap(evenIfThere),
    '# what was added since stays: ip -d address; ip route show table all; ip rule',
  ];
}

/** An address that is there is no failure. */
function asReplacing(order: string): string {
  return order.replace(/^address add /, 'address replace ');
}

/** A rule that is there already, or a route that is gone, must not end what is pasted. */
function evenIfThere(line: string): readonly string[] {
  if (/^ip -[46] route del /.test(line)) return [`${line} 2> /dev/null || true`];
  const rule = /^(ip -[46] rule) add (.*)$/.exec(line);
  if (rule === null) return [line];
  return [`${rule[1]} del ${rule[2]} 2> /dev/null || true`, line];
}

function commandOf(program: string): (order: string) => string {
  return (order) => `${program} ${order.split(' ').map(shellQuote).join(' ')}`;
}
