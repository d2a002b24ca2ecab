import { interfaceChange, type InterfaceState } from '../../../model/component/interface-change.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import type { HostMemory } from './host-memory.ts';
import type { HostSample } from './host-sample.ts';
import type { HostSpec, Limits } from './host-spec.ts';
import { watchedValues, type WatchedValue } from './host-values.ts';
import { CALM, watchValue, type Crossing, type WatchState } from './threshold-watch.ts';

/** One event of the host. */
export interface HostEvent {
  readonly eventName: string;
  readonly severity: number;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Milliseconds before the sample; absent: nobody knows when, only that it happened. */
  readonly agoMs?: number;
}

/** What happened between what is remembered and this sample. */
export interface Happened {
  readonly events: readonly HostEvent[];
  readonly memory: HostMemory;
}

/** A first start this soon after the boot was by the boot; later ones tell nothing new of it. */
const FRESH_BOOT_S = 600;

/** Compares a sample with what is remembered. `before` is the sample before it in this process. */
export function hostEvents(
  memory: HostMemory,
  before: HostSample | undefined,
  now: HostSample,
  spec: HostSpec,
  tellsLinks: boolean,
): Happened {
  const isNewBoot = memory.bootId !== undefined && memory.bootId !== now.bootId;
  const started = startedEvent(memory, now);
  // Another boot makes its interfaces anew: what differs is no change of a running host.
  const known = isNewBoot ? undefined : memory.links;
  const links = new Map(now.links.map((link) => [link.name, link]));
  const agoMs = before === undefined ? undefined : 0;
  const changes = tellsLinks && known !== undefined ? linkEvents(known, links, agoMs) : [];
  const thresholds = thresholdEvents(memory.watches, before, now, spec);
  return {
    events: [...started, ...changes, ...thresholds.events],
    memory: { bootId: now.bootId ?? memory.bootId, links, watches: thresholds.watches },
  };
}

function startedEvent(memory: HostMemory, now: HostSample): readonly HostEvent[] {
  const { bootId, uptimeS } = now;
  if (bootId === undefined || bootId === memory.bootId) return [];
  const isFirstLook = memory.bootId === undefined;
  if (isFirstLook && (uptimeS ?? Infinity) > FRESH_BOOT_S) return [];
  return [
    {
      eventName: 'host.started',
      severity: SEVERITY.info,
      summary: 'the host was started',
      attributes: {
        'host.boot.id': bootId,
        ...(memory.bootId === undefined ? {} : { 'host.boot.previous_id': memory.bootId }),
      },
      ...(uptimeS === undefined ? {} : { agoMs: uptimeS * 1000 }),
    },
  ];
}

function linkEvents(
  before: ReadonlyMap<string, InterfaceState>,
  now: ReadonlyMap<string, InterfaceState>,
  agoMs: number | undefined,
): readonly HostEvent[] {
  return [...new Set([...before.keys(), ...now.keys()])].toSorted().flatMap((name) => {
    const change = interfaceChange(before.get(name), now.get(name));
    if (change === undefined) return [];
    return [
      {
        eventName: 'network.interface.state_changed',
        ...change,
        ...(agoMs === undefined ? {} : { agoMs }),
      },
    ];
  });
}

function thresholdEvents(
  watches: ReadonlyMap<string, WatchState>,
  before: HostSample | undefined,
  now: HostSample,
  spec: HostSpec,
): { readonly events: readonly HostEvent[]; readonly watches: ReadonlyMap<string, WatchState> } {
  const next = new Map<string, WatchState>();
  const events: HostEvent[] = [];
  const values = watchedValues(before, now);
  for (const watched of values) {
    const limits = spec.thresholds[watched.limits];
    if (limits === false) continue;
    const remembered = watches.get(watched.key) ?? CALM;
    const { state, crossing } = watchValue(remembered, watched.value, limits, now.uptimeMs);
    next.set(watched.key, state);
    if (crossing !== undefined) events.push(crossingEvent(watched, crossing, limits));
  }
  // Shares of time need two samples: until then what is remembered of them holds.
  for (const [key, state] of before === undefined ? watches : []) {
    if (!next.has(key) && key.startsWith('cpu')) next.set(key, state);
  }
  return { events, watches: next };
}

function crossingEvent(watched: WatchedValue, crossing: Crossing, limits: Limits): HostEvent {
  const { from, to, threshold } = crossing;
  const isWorse = threshold <= watched.value;
  const verb = isWorse ? 'crossed' : 'cleared';
  const severities = { normal: SEVERITY.info, warn: SEVERITY.warn, critical: SEVERITY.critical };
  const side = isWorse ? 'over' : 'back under';
  const full = `${watched.subject}: ${percent(watched.value)} in use`;
  return {
    // Leaving bears another name: a trigger that waits for the crossing must not fire by it.
    eventName: `${watched.eventName}.threshold_${verb}`,
    severity: severities[to],
    summary: `${full}, ${side} the threshold of ${percent(threshold)}`,
    attributes: {
      ...watched.attributes,
      'metric.name': watched.metric,
      threshold,
      value: Math.round(watched.value * 10_000) / 10_000,
      hysteresis: limits.hysteresis,
      'threshold.level': to,
      'threshold.previous_level': from,
    },
    agoMs: 0,
  };
}

function percent(value: number): string {
  return `${Math.round(value * 1000) / 10} %`;
}
