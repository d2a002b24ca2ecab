import { z } from 'zod';
import type { FeatureRow } from '../../model/record/feature-row.ts';
import type {
  TimelineFilter,
  TimelinePage,
  TimelineQuery,
} from '../../model/record/timeline-query.ts';
import { RECORD_KINDS, type TimelineRecord } from '../../model/record/timeline-record.ts';
import { parseDuration } from '../../base/time.ts';
import { describes, route } from './route.ts';
import { instant, instantText, queryNames, queryNumber, REASON_CHARS_MAX } from './words.ts';

/** Most records on one page of the timeline. */
export const TIMELINE_PAGE_MAX = 10_000;

const free = z.record(z.string(), z.unknown());

/** A record as printed everywhere. */
export const timelineRecord = describes<TimelineRecord>()(
  z.object({
    id: z.string(),
    kind: z.enum(RECORD_KINDS),
    time: z.string().nullable(),
    observedTime: z.string(),
    alignedTime: z.string(),
    clock: z.object({
      id: z.string(),
      offsetNs: z.number(),
      boundNs: z.number().exactOptional(),
      method: z.string(),
    }),
    component: z.string().exactOptional(),
    host: z.string().exactOptional(),
    service: z.string().exactOptional(),
    severity: z.number(),
    severityText: z.string().exactOptional(),
    eventName: z.string().exactOptional(),
    body: z.unknown().exactOptional(),
    traceId: z.string().exactOptional(),
    spanId: z.string().exactOptional(),
    parentSpanId: z.string().exactOptional(),
    durationNs: z.number().exactOptional(),
    resource: free,
    attributes: free,
    source: z.object({ id: z.string(), position: z.string().exactOptional() }),
  }),
);

const filter = {
  from: instant.optional(),
  to: instant.optional(),
  component: queryNames.optional(),
  kind: queryNames.pipe(z.array(z.enum(RECORD_KINDS))).optional(),
  severity: queryNumber(0, 24).optional().describe('at least this OpenTelemetry number'),
  event: queryNames.optional(),
  trace: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/)
    .optional(),
  text: z.string().min(1).max(REASON_CHARS_MAX).optional(),
};

const timelineInput = z.strictObject({
  ...filter,
  limit: queryNumber(1, TIMELINE_PAGE_MAX).default(1000),
  order: z.enum(['newest', 'oldest', 'arrival']).default('newest'),
  cursor: z.string().min(1).max(1000).optional(),
});

const bucket = z
  .string()
  .default('10s')
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= 1) return Number(ms);
    context.addIssue({ code: 'custom', message: `"${text}" is no duration such as 10s` });
    return z.NEVER;
  });

/** Counts of the timeline per bucket and severity. */
export interface DensityView {
  readonly bucketMs: number;
  readonly buckets: readonly {
    readonly time: string;
    readonly severity: number;
    readonly count: number;
  }[];
}

const count = z.number();

const featureRow = describes<FeatureRow>()(
  z.object({
    time: instantText,
    component: z.string(),
    logs: count,
    warnings: count,
    errors: count,
    events: count,
    alerts: count,
    spans: count,
    failedSpans: count,
    spanP50Ms: count.exactOptional(),
    spanP95Ms: count.exactOptional(),
    spanP99Ms: count.exactOptional(),
  }),
);

/** What detection by models works on. */
export interface FeaturesView {
  readonly bucketMs: number;
  readonly rows: readonly FeatureRow[];
}

/** Calls that read the timeline. */
export const TIMELINE_ROUTES = {
  timeline: route({
    method: 'GET',
    path: '/timeline',
    summary: 'One page of the aligned timeline.',
    permissions: ['read'],
    input: timelineInput,
    answer: describes<TimelinePage>()(
      z.object({ records: z.array(timelineRecord), nextCursor: z.string().exactOptional() }),
    ),
  }),
  timelineDensity: route({
    method: 'GET',
    path: '/timeline/density',
    summary: 'Counts per bucket and severity, at most 10,000 buckets.',
    permissions: ['read'],
    input: z.strictObject({ ...filter, bucket }),
    answer: describes<DensityView>()(
      z.object({
        bucketMs: z.number(),
        buckets: z.array(z.object({ time: instantText, severity: z.number(), count: z.number() })),
      }),
    ),
  }),
  signalFeatures: route({
    method: 'GET',
    path: '/signals/features',
    summary: 'Per bucket and component the numbers that detection works on.',
    permissions: ['read'],
    input: z.strictObject({ ...filter, bucket }),
    answer: describes<FeaturesView>()(
      z.object({ bucketMs: z.number(), rows: z.array(featureRow) }),
    ),
  }),
};

/** The members of a timeline call that restrict it, under the model's names. */
export function timelineFilterOf(
  input: Omit<z.output<typeof timelineInput>, 'limit' | 'order' | 'cursor'>,
): TimelineFilter {
  return {
    from: input.from,
    to: input.to,
    components: input.component,
    kinds: input.kind,
    minSeverity: input.severity,
    eventNames: input.event,
    traceId: input.trace?.toLowerCase(),
    text: input.text,
  };
}

/** A timeline call under the model's names. */
export function timelineQueryOf(input: z.output<typeof timelineInput>): TimelineQuery {
  const { limit, order, cursor } = input;
  return { ...timelineFilterOf(input), limit, order, cursor };
}
