import { routeEvent, SILENT_REMOVAL, type NameOf, type NetworkEvent } from './network-event.ts';
import type { Route } from './decode-route.ts';

/** Flags of a new route: it takes the place of another; it stands beside others. */
const NLM_F_REPLACE = 0x100;
const NLM_F_APPEND = 0x800;

/** The table of own addresses: it follows from the addresses, which have events themselves. */
const TABLE_LOCAL = 255;

/** Routes remembered; a full table of the Internet has about a million, which no host here has. */
const ROUTES_MAX = 200_000;

/** The routes of a namespace, as far as a person would call them routes. */
export class RouteTable {
  readonly #nameOf: NameOf;
  /** By what identifies a route; several where IPv6 has several ways. */
  #routes = new Map<string, readonly Route[]>();
  #isComplete = false;

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
  }

  /** A route that a dump or a message brought. */
  add(route: Route, flags: number, isState: boolean): readonly NetworkEvent[] {
    if (!isTold(route)) return [];
    const key = keyOf(route);
    const known = this.#routes.get(key) ?? [];
    const isReplaced =
      (flags & NLM_F_REPLACE) !== 0 || (!route.isIpv6 && (flags & NLM_F_APPEND) === 0);
    const isSame = known.some((other) => waysOf(other) === waysOf(route));
    if (isSame && (!isReplaced || known.length === 1)) return [];
    const next = isReplaced && !isState ? [route] : [...known, route];
    if (known.length > 0 || this.#routes.size < ROUTES_MAX) this.#routes.set(key, next);
    if (isState) return [];
    const [before] = isReplaced ? known : [];
    // Told to replace what we never saw: it was there before we looked.
    const isUpdate = before !== undefined || (flags & NLM_F_REPLACE) !== 0;
    return [routeEvent(route, isUpdate ? 'updated' : 'created', this.#nameOf, before)];
  }

  remove(route: Route): readonly NetworkEvent[] {
    if (!isTold(route)) return [];
    const key = keyOf(route);
    const known = this.#routes.get(key) ?? [];
    const rest = known.filter((other) => waysOf(other) !== waysOf(route));
    this.#put(key, rest);
    // A complete table that does not hold it had it removed before, by a dump.
    const wasThere = rest.length < known.length || !this.#isComplete;
    return wasThere ? [routeEvent(route, 'deleted', this.#nameOf)] : [];
  }

  /** The link was switched off: IPv4 routes that lead only over it are gone, without a message. */
  linkOff(index: number): readonly NetworkEvent[] {
    const events: NetworkEvent[] = [];
    for (const [key, routes] of this.#routes) {
      const rest = routes.filter(
        ({ isIpv6, hops }) =>
          isIpv6 || hops.length === 0 || hops.some((hop) => hop.index !== index),
      );
      if (rest.length === routes.length) continue;
      for (const route of routes) {
        if (rest.includes(route)) continue;
        events.push(routeEvent(route, 'deleted', this.#nameOf, undefined, SILENT_REMOVAL));
      }
      this.#put(key, rest);
    }
    return events;
  }

  /** All routes there are now; the first time they are state, later differences are events. */
  replace(routes: readonly Route[]): readonly NetworkEvent[] {
    const wasComplete = this.#isComplete;
    const before = this.#routes;
    this.#routes = new Map();
    this.#isComplete = true;
    for (const route of routes) this.add(route, NLM_F_APPEND, true);
    if (!wasComplete) return [];
    return [...new Set([...before.keys(), ...this.#routes.keys()])].flatMap((key) =>
      this.#difference(before.get(key) ?? [], this.#routes.get(key) ?? []),
    );
  }

  #difference(before: readonly Route[], now: readonly Route[]): readonly NetworkEvent[] {
    const gone = before.filter((route) => !now.some((other) => waysOf(other) === waysOf(route)));
    const come = now.filter((route) => !before.some((other) => waysOf(other) === waysOf(route)));
    const [first, ...more] = come;
    const [old, ...older] = gone;
    const nameOf = this.#nameOf;
    if (first !== undefined && old !== undefined && more.length + older.length === 0) {
      return [routeEvent(first, 'updated', nameOf, old)];
    }
    return [
      ...gone.map((route) => routeEvent(route, 'deleted', nameOf)),
      ...come.map((route) => routeEvent(route, 'created', nameOf)),
    ];
  }

  #put(key: string, routes: readonly Route[]): void {
    if (routes.length === 0) this.#routes.delete(key);
    else this.#routes.set(key, routes);
  }
}

function isTold({ table, type }: Route): boolean {
  return table !== TABLE_LOCAL && !['local', 'broadcast', 'anycast', 'multicast'].includes(type);
}

function keyOf({ isIpv6, table, prefix, tos, metric }: Route): string {
  return `${isIpv6 ? 6 : 4} ${table} ${prefix} ${tos} ${metric}`;
}

/** Where a route leads and who made it, as one text. */
function waysOf({ type, protocol, hops }: Route): string {
  const ways = hops.map(({ via, index }) => `${via ?? ''}%${index ?? ''}`);
  return `${type} ${protocol} ${ways.join()}`;
}
