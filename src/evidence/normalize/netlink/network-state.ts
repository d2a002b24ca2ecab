import type { InterfaceState } from '../../../model/component/interface-change.ts';
import { decodeAddress, type InterfaceAddress } from './decode-address.ts';
import { decodeLink } from './decode-link.ts';
import { decodeNeighbor, type LinkNeighbor } from './decode-neighbor.ts';
import { decodeRoute, type Route } from './decode-route.ts';
import { NLM_F_MULTI, type NetlinkMessage } from './message-stream.ts';
import { addressEvent, linkEvents, neighborEvent, type NetworkEvent } from './network-event.ts';
import { RouteTable } from './route-table.ts';

/** The types of rtnetlink(7) that are understood. */
const [NEWLINK, DELLINK, NEWADDR, DELADDR] = [16, 17, 20, 21];
const [NEWROUTE, DELROUTE, NEWNEIGH, DELNEIGH] = [24, 25, 28, 29];

/** Neighbors remembered: a full /20 network. */
const NEIGHBORS_MAX = 4_096;
const ADDRESSES_MAX = 65_536;
const LINKS_MAX = 16_384;

/** What a message came to. */
export interface Applied {
  readonly events: readonly NetworkEvent[];
  /** IPv4 routes may be gone without a message. */
  readonly mayHideRoutes: boolean;
}

const NOTHING: Applied = { events: [], mayHideRoutes: false };

/** Links, addresses and routes of one network namespace, as its messages tell them. */
export class NetworkState {
  readonly #links = new Map<number, InterfaceState>();
  #addresses = new Map<string, InterfaceAddress>();
  readonly #neighbors = new Map<string, boolean>();
  readonly #nameOf = (index: number): string => this.#links.get(index)?.name ?? `if${index}`;
  readonly #routes = new RouteTable(this.#nameOf);
  #knowsLinks = false;
  #knowsAddresses = false;
  /** The links a dump has named so far; undefined: no dump is going on. */
  #dumped: Set<number> | undefined;

  /** A dump of all links is coming. */
  beginDump(): void {
    this.#dumped = new Set();
  }

  /** Applies a message; a text says what is wrong with it. */
  apply(message: NetlinkMessage): Applied | string {
    const isState = (message.flags & NLM_F_MULTI) !== 0;
    const { type, flags, body } = message;
    if (type === NEWLINK || type === DELLINK) {
      const link = decodeLink(body);
      if (link === undefined) return 'malformed link message';
      return link === 'other' ? NOTHING : this.#applyLink(link, type === DELLINK, isState);
    }
    if (type === NEWADDR || type === DELADDR) {
      const address = decodeAddress(body);
      if (address === undefined) return 'malformed address message';
      return this.#applyAddress(address, type === DELADDR, isState);
    }
    if (type === NEWROUTE || type === DELROUTE) {
      const route = decodeRoute(body);
      if (route === undefined) return 'malformed route message';
      if (route === 'other') return NOTHING;
      const events =
        type === DELROUTE ? this.#routes.remove(route) : this.#routes.add(route, flags, isState);
      return { events, mayHideRoutes: false };
    }
    if (type === NEWNEIGH || type === DELNEIGH) {
      const neighbor = decodeNeighbor(body);
      if (neighbor === undefined) return 'malformed neighbor message';
      return neighbor === 'other' ? NOTHING : this.#applyNeighbor(neighbor, type === DELNEIGH);
    }
    return NOTHING;
  }

  /** The dump of links is complete: links it did not name are gone. */
  endDump(): readonly NetworkEvent[] {
    const dumped = this.#dumped;
    this.#dumped = undefined;
    if (dumped === undefined) return [];
    this.#knowsLinks = true;
    return [...this.#links.values()]
      .filter(({ index }) => !dumped.has(index))
      .flatMap((link) => this.#applyLink(link, true, false).events);
  }

  replaceRoutes(routes: readonly Route[]): readonly NetworkEvent[] {
    return this.#routes.replace(routes);
  }

  replaceAddresses(addresses: readonly InterfaceAddress[]): readonly NetworkEvent[] {
    const before = this.#addresses;
    const wasKnown = this.#knowsAddresses;
    this.#addresses = new Map(addresses.map((address) => [addressKey(address), address]));
    this.#knowsAddresses = true;
    if (!wasKnown) return [];
    const gone = [...before].filter(([key]) => !this.#addresses.has(key));
    const come = [...this.#addresses].filter(([key]) => !before.has(key));
    return [
      ...gone.map(([, address]) => addressEvent(address, 'deleted', this.#nameOf)),
      ...come.map(([, address]) => addressEvent(address, 'created', this.#nameOf)),
    ];
  }

  #applyLink(link: InterfaceState, isGone: boolean, isState: boolean): Applied {
    const before = this.#links.get(link.index);
    if (isState) this.#dumped?.add(link.index);
    const now = isGone ? undefined : link;
    // A link that was made after the dump is new; before a dump nothing is known to compare with.
    const isKnown = before !== undefined || this.#knowsLinks || !isState;
    const events = isKnown ? [...linkEvents(before ?? (isGone ? link : undefined), now)] : [];
    const isOff = isGone || (before?.admin === 'up' && link.admin === 'down');
    if (isOff) events.push(...this.#routes.linkOff(link.index));
    if (isGone) this.#links.delete(link.index);
    else if (before !== undefined || this.#links.size < LINKS_MAX)
      this.#links.set(link.index, link);
    return { events, mayHideRoutes: !isState && (isGone || before?.oper !== link.oper || isOff) };
  }

  #applyAddress(address: InterfaceAddress, isGone: boolean, isState: boolean): Applied {
    const key = addressKey(address);
    const isKnown = this.#addresses.has(key);
    if (isGone) this.#addresses.delete(key);
    else if (this.#addresses.size < ADDRESSES_MAX) this.#addresses.set(key, address);
    const isNews = isGone ? isKnown || !this.#knowsAddresses : !isKnown;
    if (isState || !isNews) return { events: [], mayHideRoutes: isGone };
    const action = isGone ? 'deleted' : 'created';
    return { events: [addressEvent(address, action, this.#nameOf)], mayHideRoutes: isGone };
  }

  #applyNeighbor(neighbor: LinkNeighbor, isGone: boolean): Applied {
    const key = `${neighbor.index} ${neighbor.address}`;
    const before = this.#neighbors.get(key);
    if (isGone) this.#neighbors.delete(key);
    if (isGone || neighbor.isThere === undefined || before === neighbor.isThere) return NOTHING;
    if (before === undefined && this.#neighbors.size >= NEIGHBORS_MAX) return NOTHING;
    this.#neighbors.set(key, neighbor.isThere);
    // The first that is heard of a neighbor is no change.
    if (before === undefined) return NOTHING;
    return { events: [neighborEvent(neighbor, this.#nameOf)], mayHideRoutes: false };
  }
}

function addressKey({ address, index }: InterfaceAddress): string {
  return `${index} ${address}`;
}
