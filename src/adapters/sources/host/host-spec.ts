import { z } from 'zod';
import { duration } from '../../../base/duration-schema.ts';
import { formatDuration } from '../../../base/time.ts';
import { PASSING_LINKS } from '../../../model/component/passing-links.ts';

const share = z.number().gt(0).lte(1);

/** When a share 0..1 of something is too much; false: never. */
function limits(what: string, warn: number, critical: number, holds: string) {
  const limit = z.union([
    z.literal(false),
    z
      .strictObject({
        warn: share.default(warn).describe('A share of all there is; at it a warning is told.'),
        critical: share
          .default(critical)
          .describe('A share of all there is; at it a graver event is told.'),
        hysteresis: z
          .number()
          .min(0)
          .max(0.5)
          .default(0.05)
          .describe('A threshold is left only this far under it: a value at it makes no storm.'),
        for: duration
          .prefault(holds)
          .describe('How long the value must stay over a threshold before it counts as crossed.'),
      })
      .refine((limit) => limit.warn <= limit.critical, 'warn must not be above critical')
      .prefault({}),
  ]);
  return limit.describe(`${what}; false: never told.`);
}

/** A duration within limits, milliseconds. */
function between(min: number, max: number) {
  const words = `must be from ${formatDuration(min)} to ${formatDuration(max)}`;
  return duration.refine((ms) => ms >= min && ms <= max, words);
}

/** Names with `*` for any characters. */
const patterns = z.array(z.string().min(1).max(256)).max(64);

/** The settings of a `host` source. */
export const hostSpecSchema = z.strictObject({
  interval: between(20, 3_600_000)
    .prefault('10s')
    .describe('How often the host is looked at, 20ms to 1h.'),
  slowInterval: between(20, 86_400_000)
    .prefault('60s')
    .describe('How often values are stored that change slowly, such as disk space, 20ms to 24h.'),
  metrics: z.boolean().default(true).describe('Whether metrics are stored; false: only events.'),
  thresholds: z
    .strictObject({
      // A minute of a busy processor is work; longer is an overload.
      cpu: limits('Processor time', 0.9, 0.98, '60s'),
      memory: limits('Memory in use', 0.9, 0.97, '30s'),
      // Space seldom comes back by itself, so nothing is waited for.
      filesystem: limits('Space in use of a file system', 0.85, 0.95, '0s'),
      inodes: limits('Inodes in use of a file system', 0.85, 0.95, '0s'),
    })
    .prefault({})
    .describe('When an event says that something runs short.'),
  filesystems: z
    .strictObject({
      exclude: patterns
        .default([
          '/var/lib/docker/*',
          '/var/lib/containers/*',
          '/var/lib/kubelet/*',
          '/run/*',
          '/snap/*',
        ])
        .describe('Mount points that are left out, `*` standing for any characters.'),
    })
    .prefault({})
    .describe('Which file systems are measured.'),
  interfaces: z
    .strictObject({
      exclude: patterns
        .default(['lo', ...PASSING_LINKS])
        .describe('Interfaces that are left out, `*` standing for any characters.'),
      events: z
        .boolean()
        .optional()
        .describe('Whether changes of their state are told; absent: where no netlink source is.'),
    })
    .prefault({})
    .describe('Which network interfaces are measured.'),
});

/** As parsed. */
export type HostSpec = z.infer<typeof hostSpecSchema>;

/** The thresholds of one kind of value; `for` is in milliseconds. */
export type Limits = Readonly<Record<'warn' | 'critical' | 'hysteresis' | 'for', number>>;
