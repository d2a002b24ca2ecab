import { childOf, childrenOf, type XmlElement } from './xml/element.ts';

/** The namespace of NETCONF's own elements. */
export const BASE_NAMESPACE = 'urn:ietf:params:xml:ns:netconf:base:1.0';

/** What we can do: both framings. */
export const OUR_HELLO =
  `<?xml version="1.0" encoding="UTF-8"?>\n<hello xmlns="${BASE_NAMESPACE}"><capabilities>` +
  '<capability>urn:ietf:params:netconf:base:1.0</capability>' +
  '<capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>';

/** What a device said of itself. */
export interface Hello {
  /** Without the parts after the name: `urn:ietf:params:netconf:capability:candidate:1.0`. */
  readonly capabilities: ReadonlySet<string>;
  /** YANG modules by their namespace. */
  readonly modules: ReadonlyMap<string, string>;
  /**
   * Yuma's server takes one message at each read of its socket: of two that arrive at once the
   * second waits for a third.
   */
  readonly isYuma: boolean;
}

/** Reads a hello; undefined when the message is none. */
export function readHello(message: XmlElement): Hello | undefined {
  if (message.name !== 'hello' || message.namespace !== BASE_NAMESPACE) return undefined;
  const listed = childOf(message, 'capabilities');
  if (listed === undefined) return undefined;
  const names = childrenOf(listed, 'capability').map(({ text }) => text.trim());
  const modules = new Map<string, string>();
  for (const name of names) {
    const [namespace = '', query = ''] = name.split('?');
    const module = new URLSearchParams(query).get('module');
    if (module !== null && /^[A-Za-z_][\w.-]*$/.test(module)) modules.set(namespace, module);
  }
  return {
    capabilities: new Set(names.map((name) => name.split('?')[0] ?? '')),
    modules,
    isYuma: names.some((name) => name.startsWith('http://netconfcentral.org/ns/yuma-')),
  };
}

/** Whether a device can do what an RFC calls `capability:<name>`, such as `candidate:1.0`. */
export function can({ capabilities }: Hello, name: string): boolean {
  return capabilities.has(`urn:ietf:params:netconf:capability:${name}`);
}

/**
 * Whether it speaks a NETCONF that we speak, as it must say (RFC 6241, 8.1). Devices older than the
 * names of the RFC say the namespace.
 */
export function canSpeak({ capabilities }: Hello): boolean {
  const bases = [
    'urn:ietf:params:netconf:base:1.0',
    'urn:ietf:params:netconf:base:1.1',
    BASE_NAMESPACE,
  ];
  return bases.some((base) => capabilities.has(base));
}

/** Whether it frames messages as chunks (RFC 6242: both sides must, when both can). */
export function canChunk({ capabilities }: Hello): boolean {
  return capabilities.has('urn:ietf:params:netconf:base:1.1');
}
