import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { forwarders, links, namespaceNames, routes } from './topology.ts';

/** Five network namespaces with their links, addresses and static routes. */
export const namespaces: Part = {
  name: 'namespaces',
  summary: 'client, firewall, two routers and data center as network namespaces with links',
  needs: [],
  unprivileged: true,
  programs: [
    { command: 'ip', debianPackage: 'iproute2' },
    { command: 'ping', debianPackage: 'iputils-ping' },
    { command: 'setpriv', debianPackage: 'util-linux' },
    { command: 'sysctl', debianPackage: 'procps' },
  ],
  start: async (stage) => {
    const taken = (await stage.run(['ip', 'netns', 'list'])).split('\n').map(firstWord);
    const names = namespaceNames.map(stage.namespace);
    const foreign = names.find((name) => taken.includes(name));
    if (foreign !== undefined) {
      throw new LabFailure(
        `namespace ${foreign} exists and is not of this stage; ip netns del it, or use --prefix`,
      );
    }
    for (const name of names) {
      stage.claim({ kind: 'namespace', name });
      await stage.run(['ip', 'netns', 'add', name]);
    }
    for (const [left, right] of links) await addLink(stage, left, right);
    for (const name of namespaceNames) await configure(stage, name);
  },
  check: async (stage) => {
    for (const [left, right] of links) {
      const [address = ''] = right.address.split('/');
      await stage.run(['ping', '-q', '-c', '1', '-W', '2', address], { namespace: left.namespace });
    }
    return `${namespaceNames.length} namespaces; ${links.length} links answer a ping`;
  },
};

/**
 * Without the second the kernel would keep sending along a static route whose cable is cut, and
 * never take the detour that OSPF has found.
 */
const forwarderSettings = [
  'net.ipv4.ip_forward=1',
  'net.ipv4.conf.all.ignore_routes_with_linkdown=1',
] as const;

const firstWord = (line: string): string => line.split(' ')[0] ?? '';

/** The link goes with its namespaces, so it needs no entry in the book. */
async function addLink(
  stage: Stage,
  left: (typeof links)[number][0],
  right: (typeof links)[number][1],
): Promise<void> {
  const end = ({ namespace, device }: typeof left): readonly string[] => [
    'name',
    device,
    'netns',
    stage.namespace(namespace),
  ];
  const peer = ['type', 'veth', 'peer', ...end(right)];
  await stage.run(['ip', 'link', 'add', ...end(left), ...peer]);
}

/** All of one namespace in one batch: addresses, links up, routes. */
async function configure(stage: Stage, name: string): Promise<void> {
  const ends = links.flat().filter(({ namespace }) => namespace === name);
  const lines = [
    'link set lo up',
    ...ends.map(({ device, address }) => `address add ${address} dev ${device}`),
    ...ends.map(({ device }) => `link set ${device} up`),
    ...routes
      .filter(({ namespace }) => namespace === name)
      .map(({ to, via }) => `route add ${to} via ${via}`),
  ];
  const batch: Command = ['ip', '-netns', stage.namespace(name), '-batch', '-'];
  await stage.run(batch, { input: `${lines.join('\n')}\n` });
  if (forwarders.includes(name)) {
    await stage.run(['sysctl', '-qw', ...forwarderSettings], { namespace: name });
  }
}
