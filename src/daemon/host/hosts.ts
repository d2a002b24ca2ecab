import type { Problem } from '../../api/contract.ts';
import type { Json } from '../../base/canonical-json.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Config } from '../../config/schema.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { Vault } from '../../ports/vault.ts';
import type { RunCommand } from '../../recovery/gate/probe.ts';
import {
  DEAD_MAN_SUBJECT,
  decodeDeadManNews,
  type DeadManNews,
} from '../../runner/deadman/dead-man-news.ts';
import type { ClockExchange } from '../../model/evidence/clock-exchange.ts';
import type { ReserveStanding } from '../recovery-reserve.ts';
import type { ProgramAsk } from './program-messages.ts';
import { SocketLink } from './socket-link.ts';
import type { Host } from './start-local-host.ts';

/** One that is there answers within milliseconds; others are looked for in the background. */
const FIRST_WAIT_MS = 3_000;

/** How a configured host stands. */
export interface HostStanding {
  readonly name: string;
  readonly socket: string;
  /** Why its runner cannot be reached; undefined while it serves. */
  readonly away: LastgoodError | undefined;
}

/** What a host runner says of its reserve. */
export interface HostReserve {
  /** Absent: this machine. */
  readonly host: string | undefined;
  readonly told: Result<ReserveStanding>;
}

/** The host runners of a daemon: that of this machine, and those of `hosts`. */
export interface Hosts {
  /** Each state's calls go to the runner of its component's host. */
  readonly client: ProviderClient;
  /** Runs commands on the host of a name; undefined: on this machine. */
  runOn(host: string | undefined): RunCommand;
  /** Has a host run a program of a source; undefined: this machine. */
  program(host: string | undefined, ask: ProgramAsk): Promise<Result<Json>>;
  /** Hears of dead-men that ended before their time, on whatever host. */
  hearDeadMen(hear: (news: DeadManNews) => void): void;
  /** How the configured ones stand, in their order. */
  standings(): readonly HostStanding[];
  /** How what each has set aside for recovery stands; not of those that are away. */
  reserves(): Promise<readonly HostReserve[]>;
  stop(): Promise<void>;
}

/** What is needed to reach them. */
export interface HostsParts {
  readonly own: Host;
  readonly hosts: Config['hosts'];
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  /** What an answer of a configured host says of its clock and ours. */
  readonly onExchange: (host: string, exchange: ClockExchange) => void;
}

/**
 * Joins the configured hosts. One that is away keeps nobody from starting: what is asked of it is
 * refused at once, with the reason, until it is there.
 */
export async function joinHosts(parts: HostsParts): Promise<Hosts> {
  const { own, hosts, vault, clock, log, onExchange } = parts;
  const joined = await Promise.all(
    hosts.map(async ({ name, socket }) => {
      const told = (exchange: ClockExchange): void => onExchange(name, exchange);
      const link = new SocketLink({ socket, host: name }, clock, log, told);
      return { name, socket, link, host: await link.begin(vault, FIRST_WAIT_MS) };
    }),
  );
  const byName = new Map(joined.map(({ name, host }) => [name, host]));
  const reach = (name: string | undefined): Result<Host> => {
    const host = name === undefined ? own : byName.get(name);
    if (host !== undefined) return ok(host);
    return err(newHost(name));
  };
  return {
    client: clientOver(({ host }) => reach(host)),
    runOn: (name) => async (words, options) => {
      const host = reach(name);
      return host.ok ? host.value.run(words, options) : host;
    },
    async program(name, ask) {
      const host = reach(name);
      return host.ok ? host.value.program(ask) : host;
    },
    hearDeadMen(hear) {
      for (const host of [own, ...byName.values()]) {
        host.subscribe(DEAD_MAN_SUBJECT, (payload) => {
          const news = decodeDeadManNews(payload);
          if (news !== undefined) hear(news);
        });
      }
    },
    standings: () => joined.map(({ name, socket, link }) => ({ name, socket, away: link.away })),
    async reserves() {
      const here = joined.filter(({ link }) => link.away === undefined);
      const all = [{ name: undefined, host: own }, ...here];
      return Promise.all(
        all.map(async ({ name, host }) => ({ host: name, told: await host.reserve() })),
      );
    },
    stop: async () => void (await Promise.all([own, ...byName.values()].map((one) => one.stop()))),
  };
}

function newHost(name: string | undefined): LastgoodError {
  const detail = `${name} was added to hosts after the daemon started; restart it`;
  return lgError('LG_RUNTIME_HOST_DOWN', detail);
}

function clientOver(reach: (state: StateSpec) => Result<Host>): ProviderClient {
  const ask = async <Answer>(
    state: StateSpec,
    call: (client: ProviderClient) => Promise<Result<Answer>>,
  ): Promise<Result<Answer>> => {
    const host = reach(state);
    return host.ok ? call(host.value.client) : host;
  };
  return {
    capabilities: (state) => ask(state, (client) => client.capabilities(state)),
    identify: (state) => ask(state, (client) => client.identify(state)),
    observe: (state) => ask(state, (client) => client.observe(state)),
    capture: (state) => ask(state, (client) => client.capture(state)),
    validate: (state, desired) => ask(state, (client) => client.validate(state, desired)),
    apply: (state, order) => ask(state, (client) => client.apply(state, order)),
    fence: (state, by) => ask(state, (client) => client.fence(state, by)),
    foresee: (state) => ask(state, (client) => client.foresee(state)),
    expect: (state, by) => ask(state, (client) => client.expect(state, by)),
    forgo: (state, by) => ask(state, (client) => client.forgo(state, by)),
    arm: (state, order) => ask(state, (client) => client.arm(state, order)),
    extend: (state, order) => ask(state, (client) => client.extend(state, order)),
    pending: (state) => ask(state, (client) => client.pending(state)),
    confirm: (state, by) => ask(state, (client) => client.confirm(state, by)),
    cancel: (state, by) => ask(state, (client) => client.cancel(state, by)),
    pause: (state, order) => ask(state, (client) => client.pause(state, order)),
    resume: (state, order) => ask(state, (client) => client.resume(state, order)),
    paused: (state) => ask(state, (client) => client.paused(state)),
  };
}

/** What is told of hosts that cannot be reached. */
export function hostProblems(standings: readonly HostStanding[]): readonly Problem[] {
  return standings.flatMap(({ name, away }) =>
    away === undefined
      ? []
      : [{ what: `host ${name} cannot be reached: ${away.detail}`, mend: mendOf(name, away) }],
  );
}

/** What brings a host back. */
export function mendOf(name: string, away: LastgoodError): string {
  if (away.code === 'LG_RUNTIME_HOST_OTHER') return away.entry.hint;
  return `start its runner as root: lastgood host --name ${name} --config FILE, or its unit`;
}
