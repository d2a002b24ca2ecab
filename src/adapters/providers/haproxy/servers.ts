import type { JsonObject } from '../../../base/canonical-json.ts';
import { differingItems } from '../../../filetree/compare/tree-changes.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import { settingsOf } from '../../../local-provider/loaded-files/running-layer.ts';

/**
 * How a server is set in a running haproxy. Weight is absent where an agent sets it, address where
 * a name server does: those change by themselves.
 */
export interface Server {
  readonly backend: string;
  readonly name: string;
  readonly state: 'ready' | 'drain' | 'maint';
  readonly weight?: number;
  readonly address?: string;
  readonly port?: number;
}

/** Bits of `srv_admin_state` that an operator sets, see the management guide of HAProxy, 9.3. */
const FORCED_MAINT = 0x01;
const FORCED_DRAIN = 0x08;

/** Bits of `srv_agent_state`: there is an agent, and it is asked. */
const AGENT_AT_WORK = 0x06;

/** The only version of the format that there is. */
const FORMAT = '1';

/** Reads what `show servers state` printed; undefined when it is something else. */
export function parseServers(text: string): readonly Server[] | undefined {
  const [format = '', head = '', ...rows] = text.split('\n').map((line) => line.trim());
  if (format !== FORMAT || !head.startsWith('# ')) return undefined;
  const columns = head.slice(2).split(' ');
  const servers: Server[] = [];
  for (const row of rows.filter((line) => line !== '')) {
    const cells = row.split(' ');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const server = readServer(cell);
    if (cells.length !== columns.length || server === undefined) return undefined;
    servers.push(server);
  }
  return servers;
}

function readServer(cell: (name: string) => string): Server | undefined {
  const [backend, name] = [cell('be_name'), cell('srv_name')];
  const numbers = ['srv_admin_state', 'srv_agent_state', 'srv_uweight', 'srv_port'].map(cell);
  if (backend === '' || name === '' || !numbers.every((text) => /^\d{1,9}$/.test(text))) {
    return undefined;
  }
  const [admin = 0, agent = 0, weight = 0, port = 0] = numbers.map(Number);
  const byAgent = (agent & AGENT_AT_WORK) === AGENT_AT_WORK;
  // A server by name may move; a unix socket has no port, and its address is not shown.
  const isFixed = cell('srv_fqdn') === '-' && port > 0;
  return {
    backend,
    name,
    state: (admin & FORCED_MAINT) > 0 ? 'maint' : (admin & FORCED_DRAIN) > 0 ? 'drain' : 'ready',
    ...(byAgent ? {} : { weight }),
    ...(isFixed ? { address: cell('srv_addr'), port } : {}),
  };
}

/** Servers as state items. */
export function serverItems(servers: readonly Server[]): readonly StateItem[] {
  return servers.map(({ backend, name, ...rest }) => {
    const attributes: JsonObject = { ...rest, type: 'server' };
    return { path: `server/${backend}/${name}`, attributes };
  });
}

/** One line about a server. */
export function serverWords({ attributes }: StateItem): string {
  const { state, weight, address, port } = { ...NONE, ...attributes };
  const words = [String(state)];
  if (weight !== undefined) words.push(`weight ${String(weight)}`);
  if (address !== undefined) words.push(`at ${String(address)} port ${String(port)}`);
  return words.join(', ');
}

/** Whether there are other servers, which only files bring. */
export function hasOtherServers(now: StateImage, desired: StateImage): boolean {
  return differingItems(settingsOf(now), settingsOf(desired)).some(
    ({ from, to }) => from === undefined || to === undefined,
  );
}

/** Lines for the admin socket that set the servers of both images as desired. */
export function adminCommands(now: StateImage, desired: StateImage): readonly string[] {
  return differingItems(settingsOf(now), settingsOf(desired)).flatMap(({ path, from, to }) => {
    if (from === undefined || to === undefined) return [];
    const server = `set server ${path.slice('server/'.length)}`;
    const [is, will] = [
      { ...NONE, ...from.attributes },
      { ...NONE, ...to.attributes },
    ];
    const lines: string[] = [];
    if (will.address !== undefined && (is.address !== will.address || is.port !== will.port)) {
      lines.push(`${server} addr ${String(will.address)} port ${String(will.port)}`);
    }
    if (will.weight !== undefined && is.weight !== will.weight) {
      lines.push(`${server} weight ${String(will.weight)}`);
    }
    if (is.state !== will.state) lines.push(`${server} state ${String(will.state)}`);
    return lines;
  });
}

/** Names the members there may be, so that they can be taken apart by name. */
const NONE: Readonly<Record<'state' | 'weight' | 'address' | 'port', unknown>> = {
  state: undefined,
  weight: undefined,
  address: undefined,
  port: undefined,
};
