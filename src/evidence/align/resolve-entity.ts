import type { Json, JsonObject } from '../../base/canonical-json.ts';
import type { Entity, ResolveEntity } from '../../model/component/entity.ts';

/** Names of one host or component on the left, the name of our inventory on the right. */
export type EntityAliases = ReadonlyMap<string, string>;

/** Attributes that name a host, the surest first. Senders disagree about the last five. */
const HOST_NAMES = [
  'host.name',
  'k8s.node.name',
  'hostname',
  'host',
  'HOSTNAME',
  '_HOSTNAME',
  'agent.hostname',
];

/** Attributes that tell one host from another even when it is renamed. */
const HOST_IDS = ['host.id', 'machine-id', '_MACHINE_ID'];

/** Where a host has no name: its addresses tell it apart. */
const HOST_ADDRESSES = ['host.ip', 'host.mac'];

/** Attributes that name a network device: its own name, its chassis, its management address. */
const DEVICE_NAMES = ['sysName', 'device.name', 'hw.serial_number', 'device.management.address'];

/** Attributes that name a workload where there is no service. */
const POD_NAMES = ['k8s.pod.name', 'container.name', 'k8s.pod.uid', 'container.id'];

/** Attributes that tell one running instance from another, the surest first. */
const INSTANCE_IDS = ['k8s.pod.uid', 'container.id', 'service.instance.id'];

/** SDKs say this when nobody named the service; it is no name. */
const UNNAMED_SERVICE = /^unknown_service(:|$)/;

/**
 * Makes the function that tells whom a resource stands for.
 *
 * What is an alias of a component is that component: the surest identifier that is one decides,
 * the running instance before the service, the service before its host, the host before the
 * device. With no alias the component is `service.name`, else the pod, the host or the device.
 * Hosts are compared in lower case and without their domain. Aliases are explicit: that two names
 * occur together only proposes one, because a false merge corrupts every diagnosis.
 */
export function createEntityResolver(aliases: EntityAliases = new Map()): ResolveEntity {
  const lower = new Map([...aliases].map(([alias, name]) => [alias.toLowerCase(), name]));
  return (resource) => resolveEntity(resource, aliases, lower);
}

function resolveEntity(resource: JsonObject, aliases: EntityAliases, lower: EntityAliases): Entity {
  const serviceText = serviceName(resource);
  const hostName = normalizeHost(firstText(resource, HOST_NAMES));
  const knownWorkload = aliasOf(workloadNames(resource, serviceText), aliases);
  // Case says nothing in names of machines, addresses and identifiers of theirs.
  const knownHost = aliasOf(hostNames(resource), lower);
  const knownDevice = aliasOf(allTexts(resource, DEVICE_NAMES).map(lowerCase), lower);
  const host = knownHost ?? hostName ?? firstText(resource, [...HOST_IDS, ...HOST_ADDRESSES]);
  const device = knownDevice ?? firstText(resource, DEVICE_NAMES);
  const service = serviceText === undefined ? undefined : (knownWorkload ?? serviceText);
  const workload = knownWorkload ?? service ?? firstText(resource, POD_NAMES);
  return {
    component: workload ?? knownHost ?? knownDevice ?? hostName ?? device ?? host,
    host: host ?? device,
    service,
    clock: clockOf(resource, host, device, service),
  };
}

/** What a resource calls the running program, the surest first. */
function workloadNames(resource: JsonObject, service: string | undefined): readonly string[] {
  const namespace = textOf(resource['service.namespace']);
  const instances = allTexts(resource, INSTANCE_IDS);
  const pods = allTexts(resource, ['k8s.pod.name', 'container.name']);
  if (service === undefined) return [...instances, ...pods];
  const full = namespace === undefined ? [] : [`${namespace}/${service}`];
  return [...instances, ...full, service, ...pods];
}

/** What a resource calls its host, the surest first: each name as it stands, then shortened. */
function hostNames(resource: JsonObject): readonly string[] {
  const names = allTexts(resource, HOST_NAMES).flatMap((name) => [
    name,
    normalizeHost(name) ?? name,
  ]);
  const ids = allTexts(resource, HOST_IDS);
  return [...ids, ...names, ...allTexts(resource, HOST_ADDRESSES)].map(lowerCase);
}

const lowerCase = (text: string): string => text.toLowerCase();

/** The component of the first name that is an alias. */
function aliasOf(names: readonly string[], aliases: EntityAliases): string | undefined {
  if (aliases.size === 0) return undefined;
  const known = names.find((name) => aliases.has(name));
  return known === undefined ? undefined : aliases.get(known);
}

/**
 * The clock that stamps the records: that of the host, which containers share; that of the device;
 * else each instance is taken to have its own, because nothing says that two are on one host.
 */
function clockOf(
  resource: JsonObject,
  host: string | undefined,
  device: string | undefined,
  service: string | undefined,
): string | undefined {
  const hostId = firstText(resource, HOST_IDS) ?? host;
  if (hostId !== undefined) return `host:${hostId}`;
  if (device !== undefined) return `device:${device}`;
  const instance = firstText(resource, INSTANCE_IDS);
  if (instance !== undefined) return `instance:${instance}`;
  if (service === undefined) return undefined;
  const namespace = textOf(resource['service.namespace']);
  return namespace === undefined ? `service:${service}` : `service:${namespace}/${service}`;
}

function serviceName(resource: JsonObject): string | undefined {
  const name = textOf(resource['service.name']);
  return name === undefined || UNNAMED_SERVICE.test(name) ? undefined : name;
}

/** Lower case, the domain cut off; addresses stay whole. */
function normalizeHost(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  const isAddress = /^[\d.]+$/.test(lower) || lower.includes(':');
  return isAddress ? lower : (lower.split('.')[0] ?? lower);
}

function firstText(resource: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(resource[key]);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The texts of all these attributes, in this order; of lists every member. */
function allTexts(resource: JsonObject, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => textsOf(resource[key]));
}

/** The text of an attribute; of a list its first one. */
function textOf(value: Json | undefined): string | undefined {
  return textsOf(value)[0];
}

function textsOf(value: Json | undefined): readonly string[] {
  const members = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return members.filter((one): one is string => typeof one === 'string' && one !== '');
}
