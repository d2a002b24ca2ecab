import type { Json, JsonObject } from '../../base/canonical-json.ts';
import { timeNs, toRfc3339 } from '../../base/time.ts';
import { isOwnAddress } from '../../model/component/own-address.ts';
import type { DependencySeen, NameSeen } from '../../model/evidence/entity-report.ts';
import { KIND_INDEX, type RecordBatch } from '../../model/record/record-batch.ts';

/** As many names as components are watched; a sender that draws names must not fill the memory. */
const NAMES_MAX = 1_000;
/** Of one name: more of them say that it is no name of one thing. */
const PER_NAME_MAX = 16;
/** Resources whose identities were read; they repeat with every batch. */
const RESOURCES_MAX = 4_096;

/** What tells one instance or machine from another; senders write lists of addresses. */
const IDENTITIES = [
  'service.namespace',
  'k8s.pod.uid',
  'container.id',
  'host.id',
  'machine-id',
  'host.mac',
  'host.ip',
  'device.management.address',
] as const;

interface Span {
  count: number;
  firstNs: bigint;
  lastNs: bigint;
}

interface Counted extends Span {
  isService: boolean;
  readonly sources: Set<string>;
  readonly hosts: Map<string, Span>;
  readonly identities: Set<string>;
}

/**
 * Counts which names records bear, from where, and what else tells their senders apart. Rows of one
 * batch are mostly alike, so they are counted in runs.
 */
export class NameCensus {
  readonly #names = new Map<string, Counted>();
  #resources = new Set<string>();
  #dropped = 0;

  /** Records whose name found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  observe(batch: RecordBatch): void {
    let from = 0;
    for (let row = 1; row <= batch.rows; row += 1) {
      if (row < batch.rows && isAlike(batch, from, row)) continue;
      this.#count(batch, from, row - from);
      from = row;
    }
  }

  names(): readonly NameSeen[] {
    return [...this.#names].map(([name, seen]) => ({
      name,
      isService: seen.isService,
      records: seen.count,
      since: toRfc3339(timeNs(seen.firstNs)),
      lastAt: toRfc3339(timeNs(seen.lastNs)),
      sources: [...seen.sources],
      hosts: [...seen.hosts.keys()],
      identities: [...seen.identities],
    }));
  }

  /** Programs with the hosts that they ran on. */
  placements(): readonly DependencySeen[] {
    return [...this.#names].flatMap(([from, { isService, hosts }]) =>
      [...hosts].flatMap(([to, { count, firstNs, lastNs }]): readonly DependencySeen[] => {
        if (!isService || from === to) return [];
        const times = { since: toRfc3339(timeNs(firstNs)), lastAt: toRfc3339(timeNs(lastNs)) };
        return [{ from, to, origin: 'placement', count, ...times }];
      }),
    );
  }

  /** The addresses of machines, each with the name of its machine. */
  *addresses(): Iterable<readonly [address: string, name: string]> {
    for (const [name, { isService, identities, hosts }] of this.#names) {
      for (const identity of identities) {
        const address = /^(?:host\.ip|device\.management\.address)=(.+)$/.exec(identity)?.[1];
        if (address === undefined) continue;
        // What runs on a machine tells the machine's addresses, which are not its own.
        const owners = isService ? [...hosts.keys()] : [name];
        if (owners[0] !== undefined && owners.length === 1) yield [address, owners[0]];
      }
    }
  }

  #count(batch: RecordBatch, row: number, rows: number): void {
    const text = (index: number | undefined): string => batch.dictionary[index ?? 0] ?? '';
    const name = text(batch.component[row]) || text(batch.host[row]);
    // Packets pass by; nobody sends them to us.
    if (name === '' && batch.kind[row] === KIND_INDEX.packet) return;
    const seen = this.#of(name, batch.observedNs[row] ?? 0n);
    if (seen === undefined) {
      this.#dropped += rows;
      return;
    }
    const service = text(batch.service[row]);
    const newestNs = batch.observedNs[row + rows - 1] ?? 0n;
    extend(seen, rows, newestNs);
    if (service !== '' && service === name) seen.isService = true;
    addTo(seen.sources, text(batch.source[row]));
    this.#place(seen, text(batch.host[row]), rows, newestNs);
    this.#identify(seen, name, text(batch.resource[row]));
  }

  #of(name: string, ns: bigint): Counted | undefined {
    const known = this.#names.get(name);
    if (known !== undefined || this.#names.size >= NAMES_MAX) return known;
    const made: Counted = {
      ...newSpan(ns),
      isService: false,
      sources: new Set(),
      hosts: new Map(),
      identities: new Set(),
    };
    this.#names.set(name, made);
    return made;
  }

  #place({ hosts }: Counted, host: string, rows: number, ns: bigint): void {
    if (host === '' || (hosts.size >= PER_NAME_MAX && !hosts.has(host))) return;
    const span = hosts.get(host) ?? newSpan(ns);
    extend(span, rows, ns);
    hosts.set(host, span);
  }

  #identify({ identities }: Counted, name: string, resource: string): void {
    if (resource === '') return;
    const key = `${name}\n${resource}`;
    if (this.#resources.has(key)) return;
    if (this.#resources.size >= RESOURCES_MAX) this.#resources = new Set();
    this.#resources.add(key);
    for (const identity of identitiesOf(JSON.parse(resource))) addTo(identities, identity);
  }
}

/** What a resource tells of the instance and machine behind it. */
function identitiesOf(resource: JsonObject): readonly string[] {
  const pid = resource['process.pid'];
  const host = resource['host.id'] ?? resource['host.name'];
  const hasProcess = (typeof pid === 'number' || typeof pid === 'string') && host !== undefined;
  const process = hasProcess ? [`process=${String(host)}/${pid}`] : [];
  const others = IDENTITIES.flatMap((key) =>
    [resource[key] ?? []]
      .flat()
      .filter((value: Json): value is string => typeof value === 'string' && value !== '')
      .filter((value) => key !== 'host.ip' || !isOwnAddress(value))
      .map((value) => `${key}=${value.toLowerCase()}`),
  );
  return [...fullName(resource), ...process, ...others];
}

/** A host's name with its domain: cut short, it may be that of another host as well. */
function fullName({ 'host.name': name }: JsonObject): readonly string[] {
  if (typeof name !== 'string' || !/^[^.:]+\.[^:]*[a-z][^:]*$/i.test(name)) return [];
  return [`host.name=${name.toLowerCase()}`];
}

function isAlike(batch: RecordBatch, a: number, b: number): boolean {
  return (
    batch.component[a] === batch.component[b] &&
    batch.host[a] === batch.host[b] &&
    batch.source[a] === batch.source[b] &&
    batch.resource[a] === batch.resource[b] &&
    batch.service[a] === batch.service[b] &&
    batch.kind[a] === batch.kind[b]
  );
}

function newSpan(ns: bigint): Span {
  return { count: 0, firstNs: ns, lastNs: ns };
}

function extend(span: Span, count: number, ns: bigint): void {
  span.count += count;
  if (ns < span.firstNs) span.firstNs = ns;
  if (ns > span.lastNs) span.lastNs = ns;
}

function addTo(set: Set<string>, text: string): void {
  if (text !== '' && set.size < PER_NAME_MAX) set.add(text);
}
