import type { Component } from './component.ts';

/** The component behind each `host:port`, as health probes know it. */
export function componentAddresses(
  components: readonly Pick<Component, 'name' | 'health'>[],
): Readonly<Record<string, string>> {
  const addresses: Record<string, string> = {};
  for (const { name, health } of components) {
    for (const probe of health) {
      if (probe.kind === 'http') {
        const { hostname, port, protocol } = new URL(probe.url);
        addresses[`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`] = name;
      } else if (probe.kind === 'tcp') addresses[`${probe.address}:${probe.port}`] = name;
    }
  }
  return addresses;
}
