import type { Component } from '../../model/component/component.ts';
import type { TimelineFilter } from '../../model/record/timeline-query.ts';
import type { TimelineRecord } from '../../model/record/timeline-record.ts';

/** What the component itself says, as `requires` names it. */
const ITSELF = 'application';

/** Kinds of sources whose log records the component itself wrote. */
const OWN_LOGS = new Set(['otlp', 'file']);

/** A source that runs, and what kind it is. */
export interface SourceName {
  readonly id: string;
  readonly kind: string;
}

/** One entry of `requires`: what the store is asked, until an answer holds a fitting record. */
export interface RequiredRecords {
  /** `logs: application`. */
  readonly what: string;
  readonly asked: readonly TimelineFilter[];
  /** For filters that find more than is meant. */
  readonly fits: (record: TimelineRecord) => boolean;
  /** The newest must have come within this; absent: ever. */
  readonly withinMs?: number;
}

/**
 * What a component must send. `application` is what it sends itself: spans, and log records that
 * came over OTLP or from a file. Any other name is that of a source, of a service, of a log file
 * (with its endings or without), of an output stream or of an instrumentation scope. A machine
 * also sends what the services on it send. Events are seldom by nature, so they have no age.
 */
export function requiredRecords(
  component: Component,
  sources: readonly SourceName[],
): readonly RequiredRecords[] {
  const { name, requires } = component;
  const { withinMs } = requires;
  const own = sources.filter(({ kind }) => OWN_LOGS.has(kind)).map(({ id }) => id);
  const itself = {
    logs: { components: [name], kinds: ['log'], sources: own },
    traces: { components: [name], kinds: ['span'] },
  } as const;
  return [
    ...(['logs', 'traces'] as const).flatMap((area) =>
      requires[area].map((wanted): RequiredRecords => {
        const base = { what: `${area}: ${wanted}`, withinMs };
        return wanted === ITSELF
          ? { ...base, asked: [itself[area]], fits: () => true }
          : { ...base, asked: namedFilters(component, area, wanted), fits: bears(wanted) };
      }),
    ),
    ...requires.events.map((event): RequiredRecords => ({
      what: `events: ${event}`,
      asked: [{ components: [name], eventNames: [event] }],
      fits: () => true,
    })),
  ];
}

/** Whether a component is a machine as such. */
export function isMachine(kind: Component['kind']): boolean {
  return kind === 'server' || kind === 'vm' || kind === 'container';
}

/** Attributes that name a stream of records, and in which of the two they do. */
const NAMING = {
  logs: ['log.file.name', 'log.iostream', 'otel.scope.name'],
  traces: ['otel.scope.name'],
} as const;

function namedFilters(
  { name, kind }: Component,
  area: 'logs' | 'traces',
  wanted: string,
): readonly TimelineFilter[] {
  const kinds = [area === 'logs' ? 'log' : 'span'] as const;
  const senders = [{ components: [name] }, ...(isMachine(kind) ? [{ hosts: [name] }] : [])];
  return senders.flatMap((sender): readonly TimelineFilter[] => [
    { ...sender, kinds, sources: [wanted] },
    { ...sender, kinds, services: [wanted] },
    // The store looks for texts, so it finds the beginning of the attribute as it is written.
    ...NAMING[area].map((attribute) => ({
      ...sender,
      kinds,
      text: `"${attribute}":${JSON.stringify(wanted).slice(0, -1)}`,
    })),
  ]);
}

/** Whether a record bears a name, letter for letter; `audit` is also `audit.log`. */
function bears(wanted: string): (record: TimelineRecord) => boolean {
  return ({ source, service, attributes }) => {
    const file = attributes['log.file.name'];
    return (
      source.id === wanted ||
      service === wanted ||
      attributes['log.iostream'] === wanted ||
      attributes['otel.scope.name'] === wanted ||
      (typeof file === 'string' && (file === wanted || file.startsWith(`${wanted}.`)))
    );
  };
}
