import type { Component } from '../../model/component/component.ts';
import type { UnresolvedName } from '../../model/component/unresolved-name.ts';
import type { NameSeen } from '../../model/evidence/entity-report.ts';
import { mendMixed, mixedNames } from './mixed-names.ts';
import type { EntityAliases } from './resolve-entity.ts';

/** What only one running instance has. */
const INSTANCE = ['process', 'container.id', 'k8s.pod.uid'] as const;
/** What only one machine has: it tells nothing of the programs that run on it. */
const MACHINE = ['host.id', 'machine-id', 'host.mac', 'host.ip', 'device.management.address'];

/** What we write into the evidence ourselves. */
const OWN_SOURCES: ReadonlySet<string> = new Set(['clocks']);

/** The inventory as far as names go. */
export interface KnownNames {
  readonly components: readonly Pick<Component, 'name'>[];
  readonly aliases: EntityAliases;
  /** Sources whose senders name themselves, rather than a machine that logs for its programs. */
  readonly selfNaming: (source: string) => boolean;
}

/**
 * The names that records bear and that nobody knows, or more than one thing bears, with the most
 * records first. A program that writes to the log of a known machine belongs to that machine; who
 * names itself must be known.
 */
export function unresolvedNames(
  seen: readonly NameSeen[],
  { components, aliases, selfNaming }: KnownNames,
): readonly UnresolvedName[] {
  const names = new Set(components.map(({ name }) => name));
  const byAlias = new Map([...aliases].map(([alias, name]) => [alias.toLowerCase(), name]));
  const isKnown = (name: string): boolean => names.has(name) || byAlias.has(name.toLowerCase());
  const belongs = ({ hosts, sources }: NameSeen): boolean =>
    hosts.length > 0 && hosts.every(isKnown) && !sources.some(selfNaming);
  const known = seen.filter(({ name }) => names.has(name));
  const mixes = new Map(seen.map((one) => [one.name, mixedNames(one, aliases)] as const));
  const isMixed = ({ name }: NameSeen): boolean => (mixes.get(name) ?? []).length > 0;
  return seen
    .filter((one) => isMixed(one) || (!isKnown(one.name) && !belongs(one)))
    .filter(({ sources }) => sources.some((source) => !OWN_SOURCES.has(source)))
    .toSorted((a, b) => b.records - a.records)
    .map((one) => {
      const { name, records, since, lastAt, sources } = one;
      const mixed = mixes.get(name) ?? [];
      if (mixed.length > 0) {
        return { name, records, since, lastAt, sources, mixed, mend: mendMixed(name, mixed) };
      }
      const proposal = proposalFor(one, known);
      const mend = mendOf(name, proposal?.component, aliases);
      const base = { name, records, since, lastAt, sources, mend };
      return proposal === undefined ? base : { ...base, proposal };
    });
}

/** Exactly one component must share the surest thing that is shared at all. */
function proposalFor(
  unknown: NameSeen,
  known: readonly NameSeen[],
): UnresolvedName['proposal'] | undefined {
  const alike = known.filter(({ isService }) => isService === unknown.isService);
  const kinds = unknown.isService ? INSTANCE : [...INSTANCE, ...MACHINE];
  for (const kind of kinds) {
    const own = identitiesOf(unknown, kind);
    const sharing = alike.flatMap((other) => {
      const shared = identitiesOf(other, kind).find((identity) => own.includes(identity));
      return shared === undefined || areTwo(unknown, other, kind) ? [] : [{ other, shared }];
    });
    if (sharing.length > 1) return undefined;
    const [only] = sharing;
    if (only !== undefined) {
      const why = `both come from ${only.shared.replace('=', ' ')}`;
      return { component: only.other.name, why };
    }
  }
  return undefined;
}

/** Two containers of one pod are two programs. */
function areTwo(a: NameSeen, b: NameSeen, kind: string): boolean {
  if (kind !== 'k8s.pod.uid') return false;
  const containers = identitiesOf(a, 'container.id');
  return containers.length > 0 && identitiesOf(b, 'container.id').length > 0;
}

function identitiesOf({ identities, name, isService }: NameSeen, kind: string): readonly string[] {
  const own = identities.filter((identity) => identity.startsWith(`${kind}=`));
  // Who has no name is called by its address.
  return kind === 'host.ip' && !isService ? [...own, `host.ip=${name.toLowerCase()}`] : own;
}

/** A text as YAML takes it: a word as it is, unless it would be read as something else. */
function scalar(text: string): string {
  const isWord =
    /^[A-Za-z][\w.-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text);
  return isWord ? text : JSON.stringify(text);
}

/** Names that a component may have. */
const NAMEABLE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function mendOf(name: string, component: string | undefined, aliases: EntityAliases): string {
  if (name === '') return 'let the sender tell its service.name or host.name';
  const line = (existing: readonly string[]): string =>
    `aliases: [${[...existing, name].map(scalar).join(', ')}]`;
  if (component === undefined) {
    const added = NAMEABLE.test(name) ? `add "- name: ${name}" to components, or ` : '';
    return `${added}if it is a component already write under that one: ${line([])}`;
  }
  const existing = [...aliases].flatMap(([alias, owner]) => (owner === component ? [alias] : []));
  return `if it is ${component} write under that component: ${line(existing)}`;
}
