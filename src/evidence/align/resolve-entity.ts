import type { Json, JsonObject } from '../../base/canonical-json.ts';
import type { Entity, ResolveEntity } from '../../model/component/entity.ts';

/** Names of one host or component on the left, the name of our inventory on the right. */
export type EntityAliases = ReadonlyMap<string, string>;

/** Attributes that name a host, the surest first. Senders disagree about the last three. */
const HOST_NAMES = ['host.name', 'k8s.node.name', 'hostname', 'host', 'HOSTNAME', '_HOSTNAME'];

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
 * The component is `service.name`, else the host, the device or the pod. Hosts are compared in
 * lower case and without their domain. Aliases are explicit: that two names occur together only
 * proposes one, because a false merge corrupts every diagnosis.
 */
export function createEntityResolver(aliases: EntityAliases = new Map()): ResolveEntity {
  return (resource) => resolveEntity(resource, aliases);
}

function resolveEntity(resource: JsonObject, aliases: EntityAliases): Entity {
  const named = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : (aliases.get(name) ?? name);
  const service = named(serviceName(resource));
  const hostName = named(normalizeHost(firstText(resource, [...HOST_NAMES, 'agent.hostname'])));
  const host = hostName ?? firstText(resource, [...HOST_IDS, ...HOST_ADDRESSES]);
  const device = named(firstText(resource, DEVICE_NAMES));
  const pod = named(firstText(resource, POD_NAMES));
  return {
    component: service ?? hostName ?? device ?? host ?? pod,
    host: host ?? device,
    service,
    clock: clockOf(resource, host, device, service),
  };
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

/** The text of an attribute; of a list its first member. */
function textOf(value: Json | undefined): string | undefined {
  const scalar = Array.isArray(value) ? (value as readonly Json[])[0] : value;
  return typeof scalar === 'string' && scalar !== '' ? scalar : undefined;
}
