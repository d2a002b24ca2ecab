import { interfaceChange, type InterfaceState } from '../../../model/component/interface-change.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import type { InterfaceAddress } from './decode-address.ts';
import type { LinkNeighbor } from './decode-neighbor.ts';
import type { NextHop, Route } from './decode-route.ts';

/** One change of the network of a host. */
export interface NetworkEvent {
  readonly eventName: string;
  readonly severity: number;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The name of an interface by its number. */
export type NameOf = (index: number) => string;

/** `change.source` of what the kernel did without a message. */
export const SILENT_REMOVAL =
  'the kernel drops IPv4 routes of a link that is switched off silently';

/** The event of a link, if its change is one. */
export function linkEvents(
  before: InterfaceState | undefined,
  now: InterfaceState | undefined,
): readonly NetworkEvent[] {
  const change = interfaceChange(before, now);
  return change === undefined ? [] : [{ eventName: 'network.interface.state_changed', ...change }];
}

/** An address came or went. */
export function addressEvent(
  { address, index }: InterfaceAddress,
  action: 'created' | 'deleted',
  nameOf: NameOf,
): NetworkEvent {
  const name = nameOf(index);
  const done = action === 'created' ? 'was added to' : 'was removed from';
  return {
    eventName: 'network.address.changed',
    severity: SEVERITY.info,
    summary: `address ${address} ${done} ${name}`,
    attributes: {
      'network.interface.name': name,
      'network.interface.index': index,
      'network.local.address': address,
      'change.action': action,
    },
  };
}

/** A route came, changed or went. `before` is the route it replaced, where that is known. */
export function routeEvent(
  route: Route,
  action: 'created' | 'updated' | 'deleted',
  nameOf: NameOf,
  before?: Route,
  source?: string,
): NetworkEvent {
  const isDefault = /^(0\.0\.0\.0|::)\/0$/.test(route.prefix);
  const done = { created: 'was added', updated: 'was changed', deleted: 'was removed' }[action];
  const nextHop = hopsText(route, nameOf);
  const previous = before === undefined ? undefined : hopsText(before, nameOf);
  const named = isDefault ? `default route ${route.prefix}` : `route ${route.prefix}`;
  const instead = previous === undefined ? '' : `, before ${previous}`;
  const names = [...new Set(route.hops.flatMap(({ index }) => (index ? [nameOf(index)] : [])))];
  return {
    eventName: 'network.route.changed',
    severity: isDefault && action === 'deleted' ? SEVERITY.error : SEVERITY.notice,
    summary: `${named} ${nextHop} ${done}${instead}`,
    attributes: {
      'network.route.prefix': route.prefix,
      'network.route.next_hop': nextHop,
      'network.route.protocol': route.protocol,
      'network.route.metric': route.metric,
      'network.route.table': route.table,
      'network.route.type': route.type,
      ...(names.length === 0 ? {} : { 'network.interface.name': names.join(',') }),
      'change.action': action,
      ...(previous === undefined ? {} : { 'network.route.previous_next_hop': previous }),
      ...(source === undefined ? {} : { 'change.source': source }),
    },
  };
}

/** A neighbor on a link can be reached again or no longer. */
export function neighborEvent(neighbor: LinkNeighbor, nameOf: NameOf): NetworkEvent {
  const state = neighbor.isThere === true ? 'reachable' : 'failed';
  return {
    eventName: 'network.neighbor.state_changed',
    severity: neighbor.isThere === true ? SEVERITY.info : SEVERITY.warn,
    summary: `neighbor ${neighbor.address} on ${nameOf(neighbor.index)} is ${state}`,
    attributes: {
      'network.interface.name': nameOf(neighbor.index),
      'network.neighbor.address': neighbor.address,
      'network.neighbor.protocol': neighbor.protocol,
      'network.neighbor.state': state,
      'network.neighbor.previous_state': neighbor.isThere === true ? 'failed' : 'reachable',
    },
  };
}

function hopsText(route: Route, nameOf: NameOf): string {
  if (route.type !== 'unicast') return route.type;
  return route.hops.map((hop) => hopText(hop, nameOf)).join(', ') || 'nowhere';
}

function hopText({ via, index }: NextHop, nameOf: NameOf): string {
  const device = index === undefined ? '' : `dev ${nameOf(index)}`;
  return via === undefined ? device : `via ${via} ${device}`.trimEnd();
}
