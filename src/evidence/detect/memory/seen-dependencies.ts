import { fromUnixMs, toRfc3339 } from '../../../base/time.ts';
import { isOwnAddress } from '../../../model/component/own-address.ts';
import type { DependencyOrigin, DependencySeen } from '../../../model/evidence/entity-report.ts';
import { attributeText } from './attribute-text.ts';

/** Components that call each other; beyond, names hold ids. */
const SEEN_MAX = 2_000;
const ADDRESSES_MAX = 4_000;

/** The first packet of a TCP connection, as its attributes tell it. */
const OPENING = '"network.tcp.flags":["SYN"]';

type End = { readonly name: string } | { readonly address: string };

interface Seen {
  readonly from: End;
  readonly to: End;
  readonly origin: DependencyOrigin;
  /** As the one end told it, and as the other did. */
  count: number;
  served: number;
  firstMs: number;
  lastMs: number;
}

/**
 * Who needs whom, as records showed it: calls, next hops of routes and opened connections. Other
 * than the counts for diagnosis it forgets nothing before a restart: what calls once a day counts.
 */
export class SeenDependencies {
  readonly #seen = new Map<string, Seen>();
  readonly #owners = new Map<string, Set<string>>();
  #dropped = 0;

  /** Those that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A call of one component by another, as the caller told it. */
  call(from: string, to: string, ms: number): void {
    this.#note({ name: from }, { name: to }, 'spans', ms);
  }

  /** The same as the callee told it; mostly both do. */
  served(from: string, to: string, ms: number): void {
    this.#note({ name: from }, { name: to }, 'spans', ms, 0, 1);
  }

  /** An event of the network of a component; others tell nothing. */
  event(component: string, eventName: string, attributes: string, ms: number): void {
    if (eventName === 'network.address.changed') this.#addressed(component, attributes);
    if (eventName !== 'network.route.changed') return;
    if (attributeText(attributes, 'change.action') === 'deleted') return;
    const hops = attributeText(attributes, 'network.route.next_hop') ?? '';
    for (const [, address = ''] of hops.matchAll(/\bvia ([0-9a-f.:]+)/gi)) {
      this.#note({ name: component }, { address }, 'routes', ms);
    }
  }

  /** A packet between two machines; only one that opens a connection tells who needs whom. */
  packet(attributes: string, ms: number): void {
    if (!attributes.includes(OPENING)) return;
    const from = attributeText(attributes, 'source.address');
    const to = attributeText(attributes, 'destination.address');
    if (from === undefined || to === undefined) return;
    this.#note({ address: from }, { address: to }, 'packets', ms);
  }

  /**
   * All whose ends are known by name. An address that two machines have, or that changed hands,
   * belongs to nobody.
   */
  list(known: Iterable<readonly [address: string, name: string]>): readonly DependencySeen[] {
    const owners = new Map([...this.#owners].map(([at, names]) => [at, new Set(names)]));
    for (const [address, name] of known) add(owners, address, name);
    const nameOf = (end: End): string | undefined => {
      if ('name' in end) return end.name;
      const names = [...(owners.get(end.address) ?? [])];
      return names.length === 1 ? names[0] : undefined;
    };
    return [...this.#seen.values()].flatMap(({ origin, firstMs, lastMs, ...ends }) => {
      const from = nameOf(ends.from);
      const to = nameOf(ends.to);
      if (from === undefined || to === undefined || from === to) return [];
      const since = toRfc3339(fromUnixMs(firstMs));
      const count = Math.max(ends.count, ends.served);
      return [{ from, to, origin, count, since, lastAt: toRfc3339(fromUnixMs(lastMs)) }];
    });
  }

  #addressed(component: string, attributes: string): void {
    const address = attributeText(attributes, 'network.local.address')?.split('/')[0];
    if (address === undefined || isOwnAddress(address)) return;
    if (attributeText(attributes, 'change.action') === 'deleted') {
      this.#owners.get(address)?.delete(component);
    } else if (this.#owners.size < ADDRESSES_MAX) {
      add(this.#owners, address, component);
    }
  }

  #note(from: End, to: End, origin: DependencyOrigin, ms: number, count = 1, served = 0): void {
    const key = `${origin}\n${keyOf(from)}\n${keyOf(to)}`;
    const known = this.#seen.get(key);
    if (known !== undefined) {
      known.count += count;
      known.served += served;
      if (ms < known.firstMs) known.firstMs = ms;
      if (ms > known.lastMs) known.lastMs = ms;
    } else if (this.#seen.size < SEEN_MAX) {
      this.#seen.set(key, { from, to, origin, count, served, firstMs: ms, lastMs: ms });
    } else {
      this.#dropped += 1;
    }
  }
}

function keyOf(end: End): string {
  return 'name' in end ? end.name : `@${end.address}`;
}

function add(owners: Map<string, Set<string>>, address: string, name: string): void {
  const names = owners.get(address) ?? new Set();
  names.add(name);
  owners.set(address, names);
}
