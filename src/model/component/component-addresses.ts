import type { Component } from './component.ts';

/**
 * The component behind each `host:port`, as health probes know it, and behind each address that
 * the commands of `reach` ask. An address that two of them ask belongs to nobody.
 */
export function componentAddresses(
  components: readonly Pick<Component, 'name' | 'health' | 'reach'>[],
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
  return { ...addresses, ...reachAddresses(components) };
}

/** A word of a command that is an address, as `ping` has it. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*)$/i;

function reachAddresses(
  components: readonly Pick<Component, 'name' | 'reach'>[],
): Readonly<Record<string, string>> {
  const asked = components.flatMap(({ name, reach = [] }) =>
    reach.flatMap((probe) =>
      probe.kind === 'command'
        ? probe.command.filter((word) => ADDRESS.test(word)).map((word) => [word, name] as const)
        : [],
    ),
  );
  const isShared = ([address, name]: readonly [string, string]): boolean =>
    asked.some(([other, whose]) => other === address && whose !== name);
  return Object.fromEntries(asked.filter((one) => !isShared(one)));
}
