import type { RouteCall } from '../../../src/api/contract.ts';
import type { RecordKind } from '../api/types.ts';
import { hrefOf } from '../shell/location.ts';
import { DEFAULT_RANGE, PRESETS, type TimeRange, type TimeWindow } from './range/time-range.ts';

/** What part of the timeline is shown. The address bar carries it, so a link shows the same. */
export interface Filter {
  readonly range: TimeRange;
  readonly components: readonly string[];
  readonly kinds: readonly RecordKind[];
  readonly minSeverity: number;
  readonly text: string;
  readonly trace: string;
  readonly event: string;
}

/** The kinds of records, in the order of their buttons. */
export const KINDS: readonly RecordKind[] = ['log', 'span', 'event', 'metric', 'alert', 'packet'];

/** Reads the filter of an address; what it cannot read does not restrict. */
export function filterOf(query: URLSearchParams): Filter {
  const kinds = list(query.get('kind'));
  const severity = Number(query.get('severity') ?? 0);
  return {
    range: rangeOf(query),
    components: list(query.get('component')),
    kinds: KINDS.filter((kind) => kinds.includes(kind)),
    minSeverity: Number.isInteger(severity) && severity >= 0 && severity <= 24 ? severity : 0,
    text: query.get('text') ?? '',
    trace: query.get('trace') ?? '',
    event: query.get('event') ?? '',
  };
}

function rangeOf(query: URLSearchParams): TimeRange {
  const from = Date.parse(query.get('from') ?? '');
  const to = Date.parse(query.get('to') ?? '');
  if (from < to) return { kind: 'fixed', from, to };
  const preset = PRESETS.find(({ name }) => name === query.get('last'));
  return preset === undefined ? DEFAULT_RANGE : { kind: 'last', ms: preset.ms };
}

function list(text: string | null): readonly string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

/** The members of the timeline's address that stand for a filter. */
export function queryOf(filter: Filter): Readonly<Record<string, string | undefined>> {
  const { range } = filter;
  const preset =
    range.kind === 'last' ? PRESETS.find(({ ms }) => ms === range.ms)?.name : undefined;
  return {
    last: preset === '15m' ? undefined : preset,
    from: range.kind === 'fixed' ? new Date(range.from).toISOString() : undefined,
    to: range.kind === 'fixed' ? new Date(range.to).toISOString() : undefined,
    component: filter.components.join(','),
    kind: filter.kinds.join(','),
    severity: filter.minSeverity === 0 ? undefined : String(filter.minSeverity),
    text: filter.text,
    trace: filter.trace,
    event: filter.event,
  };
}

/** The address of the timeline under a filter. */
export function timelineHref(filter: Filter): string {
  return hrefOf(['timeline'], queryOf(filter));
}

type ApiFilter = Pick<
  RouteCall<'timeline'>,
  'from' | 'to' | 'component' | 'kind' | 'severity' | 'event' | 'trace' | 'text'
>;

/** The filter as the API takes it; members that do not restrict are left out. */
export function apiFilterOf(filter: Filter, window: TimeWindow): ApiFilter {
  return {
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    ...(filter.components.length > 0 && { component: [...filter.components] }),
    ...(filter.kinds.length > 0 && { kind: [...filter.kinds] }),
    ...(filter.minSeverity > 0 && { severity: filter.minSeverity }),
    ...(filter.event !== '' && { event: [filter.event] }),
    ...(/^[0-9a-f]{32}$/i.test(filter.trace) && { trace: filter.trace }),
    ...(filter.text !== '' && { text: filter.text }),
  };
}
