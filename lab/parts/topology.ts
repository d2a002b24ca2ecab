/** One end of a link: an interface in a namespace with its address. */
export type LinkEnd = {
  readonly namespace: string;
  readonly device: string;
  readonly address: string;
};

/** The shop's network: client, edge firewall, two routers with two links, data center. */
export const namespaceNames = ['cli', 'fw', 'r1', 'r2', 'dc'] as const;

/** Each link is a pair of virtual Ethernet devices. */
export const links: readonly (readonly [LinkEnd, LinkEnd])[] = [
  [
    { namespace: 'cli', device: 'wan0', address: '203.0.113.2/24' },
    { namespace: 'fw', device: 'wan0', address: '203.0.113.1/24' },
  ],
  [
    { namespace: 'fw', device: 'lan0', address: '10.0.1.1/30' },
    { namespace: 'r1', device: 'ge0', address: '10.0.1.2/30' },
  ],
  [
    { namespace: 'r1', device: 'ge1', address: '10.0.12.1/30' },
    { namespace: 'r2', device: 'ge1', address: '10.0.12.2/30' },
  ],
  [
    { namespace: 'r1', device: 'ge2', address: '10.0.13.1/30' },
    { namespace: 'r2', device: 'ge2', address: '10.0.13.2/30' },
  ],
  [
    { namespace: 'r2', device: 'ge0', address: '10.10.0.1/24' },
    { namespace: 'dc', device: 'eth0', address: '10.10.0.10/24' },
  ],
];

/** Routes that no routing daemon brings. */
export const routes: readonly {
  readonly namespace: string;
  readonly to: string;
  readonly via: string;
}[] = [
  { namespace: 'cli', to: 'default', via: '203.0.113.1' },
  { namespace: 'fw', to: '10.0.0.0/8', via: '10.0.1.2' },
  { namespace: 'dc', to: 'default', via: '10.10.0.1' },
  { namespace: 'r1', to: '203.0.113.0/24', via: '10.0.1.1' },
  { namespace: 'r2', to: '203.0.113.0/24', via: '10.0.12.1' },
];

/** The namespaces that pass packets on. */
export const forwarders: readonly string[] = ['fw', 'r1', 'r2'];
