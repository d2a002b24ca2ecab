import type { Provider } from '../ports/provider.ts';
import type { StandardSchema } from '../ports/standard-schema.ts';
import { commandProvider } from './providers/command/provider.ts';
import { deploymentProvider } from './providers/deployment/provider.ts';
import { filesProvider } from './providers/files/provider.ts';
import { frrProvider } from './providers/frr/provider.ts';
import { haproxyProvider } from './providers/haproxy/provider.ts';
import { hostProvider } from './providers/host/provider.ts';
import { netconfProvider } from './providers/netconf/provider.ts';
import { nginxProvider } from './providers/nginx/provider.ts';
import { nftablesProvider } from './providers/nftables/provider.ts';
import { routesProvider } from './providers/routes/provider.ts';
import { serviceProvider } from './providers/service/provider.ts';
import { sysctlProvider } from './providers/sysctl/provider.ts';
import { fileSpecSchema } from './sources/file/file-spec.ts';
import { hostSpecSchema } from './sources/host/host-spec.ts';
import { netlinkSpecSchema } from './sources/netlink/netlink-spec.ts';
import { journaldSpecSchema } from './sources/journald/journald-spec.ts';
import { kmsgSpecSchema } from './sources/kmsg/kmsg-spec.ts';

/** One adapter of the product: its folder is `<family>/<name>`. */
export interface AdapterLine {
  readonly family:
    | 'buses'
    | 'control'
    | 'keyrings'
    | 'notifiers'
    | 'providers'
    | 'sources'
    | 'telemetry'
    | 'vaults';
  readonly name: string;
  /** What it is for, in one line of the documentation. */
  readonly does: string;
}

/** The only list of adapters; a test compares it with the folders. */
export const ADAPTERS: readonly AdapterLine[] = [
  { family: 'buses', name: 'local', does: 'messages within one machine, over pipes' },
  { family: 'control', name: 'sqlite', does: 'journals, facts and leases in one SQLite file' },
  { family: 'keyrings', name: 'file', does: 'the wrapping key in a file of mode 0600' },
  { family: 'notifiers', name: 'webhook', does: 'notices as signed JSON by HTTP POST' },
  { family: 'providers', name: 'command', does: 'whatever two commands can read and write' },
  { family: 'providers', name: 'deployment', does: 'release folders behind a symlink, restart' },
  { family: 'providers', name: 'files', does: 'files with owner, mode, links and attributes' },
  { family: 'providers', name: 'frr', does: 'routing by FRR, as it runs and as it starts' },
  { family: 'providers', name: 'haproxy', does: 'files HAProxy loaded, and its servers as set' },
  { family: 'providers', name: 'host', does: 'a whole machine, compared only: what changed since' },
  { family: 'providers', name: 'netconf', does: 'devices by NETCONF, which go back by themselves' },
  { family: 'providers', name: 'nftables', does: 'tables of the packet filter, set in one go' },
  { family: 'providers', name: 'nginx', does: 'files nginx loaded, which it checks itself' },
  { family: 'providers', name: 'routes', does: 'addresses, routes and rules that people set' },
  { family: 'providers', name: 'service', does: 'whether services run, by commands or systemd' },
  { family: 'providers', name: 'sysctl', does: 'kernel settings by name or pattern' },
  { family: 'sources', name: 'file', does: 'log files by glob, through every rotation' },
  { family: 'sources', name: 'host', does: 'this host by /proc: metrics, thresholds, interfaces' },
  { family: 'sources', name: 'journald', does: 'the journal of systemd, by its cursor' },
  { family: 'sources', name: 'kmsg', does: "the kernel's log, where no journal tells it" },
  { family: 'sources', name: 'netlink', does: 'links, addresses and routes as the kernel tells' },
  {
    family: 'sources',
    name: 'otlp',
    does: 'OpenTelemetry logs, traces and metrics over HTTP and gRPC',
  },
  { family: 'sources', name: 'syslog', does: 'RFC 5424 and 3164 over UDP, TCP and TLS' },
  { family: 'telemetry', name: 'segments', does: 'sealed, encrypted Parquet asked by DuckDB' },
  { family: 'vaults', name: 'local', does: 'deduplicated, encrypted packs in one folder' },
];

/** Providers by the name the configuration gives them. */
export const PROVIDERS: ReadonlyMap<string, Provider<unknown>> = new Map<string, Provider<unknown>>(
  [
    ['command', commandProvider],
    ['deployment', deploymentProvider],
    ['files', filesProvider],
    ['frr', frrProvider],
    ['haproxy', haproxyProvider],
    ['host', hostProvider],
    ['netconf', netconfProvider],
    ['nftables', nftablesProvider],
    ['nginx', nginxProvider],
    ['routes', routesProvider],
    ['service', serviceProvider],
    ['sysctl', sysctlProvider],
  ],
);

/** The settings of `components[].state`, by provider. */
export const STATE_SCHEMAS: ReadonlyMap<string, StandardSchema<unknown>> = new Map(
  [...PROVIDERS].map(([kind, { specSchema }]) => [kind, specSchema]),
);

/** The settings of `sources`, by kind; `otlp` and `syslog` listen and stand under `listen`. */
export const SOURCE_SCHEMAS: ReadonlyMap<string, StandardSchema<unknown>> = new Map<
  string,
  StandardSchema<unknown>
>([
  ['file', fileSpecSchema],
  ['host', hostSpecSchema],
  ['netlink', netlinkSpecSchema],
  ['journald', journaldSpecSchema],
  ['kmsg', kmsgSpecSchema],
]);

/** What the configuration is checked with beside its own schema. */
export const ADAPTER_SCHEMAS = { sources: SOURCE_SCHEMAS, providers: STATE_SCHEMAS } as const;
