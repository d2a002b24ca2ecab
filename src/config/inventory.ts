import { assertUnreachable } from '../base/assert.ts';
import type { Component, HealthProbe, Requires, StateSpec } from '../model/component/component.ts';
import type { TravelGroup } from '../model/component/travel-group.ts';
import type { TriggerRule } from '../model/incident/trigger.ts';
import { ownHost } from './own-host.ts';
import { pausesOf } from './pauses-of.ts';
import type { Config } from './schema.ts';

type RawHealth = NonNullable<Config['components']>[number]['health'][number];
type RawRequires = NonNullable<Config['components']>[number]['requires'];
type RawTrigger = Config['triggers'][number];

/** The share of a limit at which a signal clears when the configuration does not say. */
const CLEAR_SHARE = 0.8;

/** The configured components as the model knows them; this host where none are spoken of. */
export function componentsOf(config: Config): readonly Component[] {
  if (config.components === undefined) return [ownHost()];
  return config.components.map((raw) => ({
    name: raw.name,
    kind: raw.kind,
    ...(raw.host === undefined ? {} : { host: raw.host }),
    dependsOn: raw.dependsOn,
    requires: requiresOf(raw.requires),
    state: statesOf(raw.name, raw.state).map((state) => ({ ...state, ...pausesOf(raw) })),
    health: raw.health.map(probeOf),
    reach: raw.reach.map((probe) => probeOf({ ...probe, external: false })),
  }));
}

/** The other names of the components, each with the component's own. */
export function aliasesOf(config: Config): ReadonlyMap<string, string> {
  return new Map(
    (config.components ?? []).flatMap(({ name, aliases }) =>
      aliases.map((alias) => [alias, name] as const),
    ),
  );
}

/** What may only be brought back together, with components written out as their states. */
export function groupsOf(config: Config): readonly TravelGroup[] {
  const states = new Map(
    (config.components ?? []).map(({ name, state }) => [name, statesOf(name, state)]),
  );
  return config.checkpoints.groups.map(({ name, members }) => ({
    name,
    states: members.flatMap((member) => states.get(member)?.map(({ id }) => id) ?? [member]),
  }));
}

function requiresOf({ within, ...names }: RawRequires): Requires {
  return { ...names, withinMs: within };
}

/** The states of a component, each with its id. */
export function statesOf(
  component: string,
  states: readonly { readonly provider: string }[],
): readonly StateSpec[] {
  const seen = new Map<string, number>();
  return states.map(({ provider, ...spec }) => {
    const count = (seen.get(provider) ?? 0) + 1;
    seen.set(provider, count);
    const id = count === 1 ? `${component}/${provider}` : `${component}/${provider}#${count}`;
    return { id, component, provider, spec };
  });
}

function probeOf(raw: RawHealth): HealthProbe {
  const external = raw.external ? ({ external: true } as const) : {};
  if ('http' in raw) {
    const { http: url, expect, timeout: timeoutMs } = raw;
    return { kind: 'http', url, expect, timeoutMs, ...external };
  }
  if ('command' in raw) {
    const { command, timeout: timeoutMs, host } = raw;
    const where = host === undefined ? {} : { host };
    return { kind: 'command', command, timeoutMs, ...where, ...external };
  }
  const colon = raw.tcp.lastIndexOf(':');
  return {
    kind: 'tcp',
    address: raw.tcp.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(raw.tcp.slice(colon + 1)),
    timeoutMs: raw.timeout,
    ...external,
  };
}

/** The configured triggers as the model knows them. */
export function triggersOf(config: Config): readonly TriggerRule[] {
  return config.triggers.map((raw) => {
    const base = {
      name: raw.name,
      windowMs: raw.window,
      forMs: raw.for,
      actions: raw.then,
      ...(raw.component === undefined ? {} : { component: raw.component }),
    };
    return ruleOf(raw, base);
  });
}

function ruleOf(
  raw: RawTrigger,
  base: Pick<TriggerRule, 'name' | 'windowMs' | 'forMs' | 'actions'>,
): TriggerRule {
  if (raw.signal === 'alert') return { ...base, signal: raw.signal, match: raw.match };
  const limit = { above: raw.above, clearAt: raw.clearAt ?? raw.above * CLEAR_SHARE };
  switch (raw.signal) {
    case 'log-rate':
      return { ...base, ...limit, signal: raw.signal, minSeverity: raw.minSeverity };
    case 'error-ratio':
      return { ...base, ...limit, signal: raw.signal, minCount: raw.minCount };
    case 'span-latency':
      return {
        ...base,
        ...limit,
        signal: raw.signal,
        quantile: raw.quantile,
        minCount: raw.minCount,
      };
    case 'event':
      return { ...base, ...limit, signal: raw.signal, event: raw.event };
    default:
      return assertUnreachable(raw);
  }
}
