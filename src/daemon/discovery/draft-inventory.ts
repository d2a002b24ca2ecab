import type { ComponentKind } from '../../model/component/component.ts';
import type { HostFacts, SeenContainer, SeenListener } from './host-facts.ts';
import { isLeftOut, knownService, type KnownService } from './known-services.ts';

/** One health check as the configuration writes it. */
export type DraftCheck =
  | { readonly http: string; readonly expect?: number }
  | { readonly tcp: string }
  | { readonly command: readonly string[] };

/** One state as the configuration writes it. */
export type DraftState = { readonly provider: string } & Readonly<
  Record<string, string | readonly string[]>
>;

/** A component that `init` proposes, and why. */
export interface DraftComponent {
  readonly name: string;
  readonly kind: ComponentKind;
  /** Sentences for the comment above it. */
  readonly why: readonly string[];
  readonly dependsOn: readonly string[];
  readonly state: readonly DraftState[];
  readonly health: readonly DraftCheck[];
}

/** Interpreters: the program's name says nothing of the service, its port does. */
const INTERPRETERS = /^(node|bun|deno|java|python[\d.]*|ruby|perl|php[\d.-]*|dotnet)$/;

/** Health checks of one component: more ports than this are one service's many faces. */
const CHECKS_MAX = 4;

/** Proposes an inventory: this host, then what listens on it, then its containers. */
export function draftInventory(facts: HostFacts): readonly DraftComponent[] {
  const taken = new Set([facts.host]);
  const services = [...groups(facts.listeners)].map(([name, listeners]) =>
    serviceOf(unique(name, taken), listeners, facts),
  );
  const containers = facts.containers.map((one) =>
    containerOf(unique(nameOf(one.name), taken), one, facts.host),
  );
  return [hostOf(facts), ...services, ...containers];
}

function hostOf({ host, kind }: HostFacts): DraftComponent {
  return {
    name: host,
    kind,
    why: [
      'This machine, compared only: packages, services, ports, files, accounts, network, kernel.',
      '`lastgood checkpoint diff ID` tells what changed on it since that checkpoint.',
    ],
    dependsOn: [],
    state: [{ provider: 'host' }],
    health: [],
  };
}

/** Listeners of one service together, by the name its component gets. */
function groups(listeners: readonly SeenListener[]): ReadonlyMap<string, readonly SeenListener[]> {
  const byName = new Map<string, SeenListener[]>();
  for (const listener of listeners.toSorted((a, b) => a.port - b.port)) {
    if (isLeftOut(listener.program)) continue;
    const name = serviceName(listener);
    byName.set(name, [...(byName.get(name) ?? []), listener]);
  }
  return byName;
}

/** The component a listening program belongs to: its known name, its unit, or program and port. */
export function serviceName({ program, unit, port }: SeenListener): string {
  const known = knownService(program)?.name;
  const own = INTERPRETERS.test(program) ? `${program}-${port}` : program;
  return nameOf(known ?? unit?.replace(/\.service$/, '') ?? own);
}

function serviceOf(
  name: string,
  listeners: readonly SeenListener[],
  facts: HostFacts,
): DraftComponent {
  const [first] = listeners;
  const program = first?.program ?? 'unknown';
  const known = knownService(program);
  const places = listeners.map(({ address, port }) => `${target(address)}:${port}`);
  const unit = first?.unit;
  const where = [...new Set(places)].slice(0, CHECKS_MAX).join(', ');
  return {
    name,
    kind: known?.kind ?? 'application',
    why: [
      `${program} listens on ${where}${unit === undefined ? '' : ` as ${unit}`}.`,
      ...(known === undefined
        ? ['Name under state what shall be restorable: its folder (files) or release (deployment).']
        : []),
    ],
    dependsOn: [facts.host],
    state: statesOf(known, unit, facts),
    health: checksOf(known, listeners, facts),
  };
}

function statesOf(
  known: KnownService | undefined,
  unit: string | undefined,
  { places, tools }: HostFacts,
): readonly DraftState[] {
  const paths = (known?.config ?? []).filter((path) => places.has(path));
  const reload = unit === undefined ? known?.reload : ['systemctl', 'try-reload-or-restart', unit];
  const canReload = reload !== undefined && tools.has(reload[0] ?? '');
  const hasOwn = known?.pidFile !== undefined && places.has(known.pidFile);
  const files = hasOwn
    ? { provider: known.name, paths }
    : { provider: 'files', paths, ...(canReload ? { restart: reload } : {}) };
  return [
    ...(paths.length === 0 ? [] : [files]),
    ...(unit === undefined ? [] : [{ provider: 'service', unit }]),
  ];
}

function checksOf(
  known: KnownService | undefined,
  listeners: readonly SeenListener[],
  { tools }: HostFacts,
): readonly DraftCheck[] {
  const checks = new Map<string, DraftCheck>();
  for (const { address, port, http } of listeners) {
    const place = `${target(address)}:${port}`;
    const { ask } = known ?? {};
    if (ask !== undefined && tools.has(ask[0] ?? '')) {
      checks.set(`ask ${port}`, {
        command: ask.map((word) => (word === 'PORT' ? String(port) : word)),
      });
    } else if (http === undefined) checks.set(place, { tcp: place });
    else {
      const expect = http.status === 200 ? {} : { expect: http.status };
      checks.set(place, { http: `http://${place}${http.path}`, ...expect });
    }
  }
  return [...checks.values()].slice(0, CHECKS_MAX);
}

function containerOf(name: string, one: SeenContainer, host: string): DraftComponent {
  return {
    name,
    kind: 'container',
    why: [
      `Container ${one.name} of ${one.engine}, image ${one.image}.`,
      'It has no restorable state yet: name its configuration files or volumes under state.',
    ],
    dependsOn: [host],
    state: [],
    health: one.ports.slice(0, CHECKS_MAX).map((port) => ({ tcp: `127.0.0.1:${port}` })),
  };
}

/** Where a listener is reached from here: one on all addresses by the loopback one. */
export function target(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

/** Of the 63 that a name may have: a number or `-logs` may follow. */
const NAME_CHARS = 50;

/** A text as a component's name. */
function nameOf(text: string): string {
  const safe = text.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return safe.slice(0, NAME_CHARS) || 'service';
}

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  return free;
}
