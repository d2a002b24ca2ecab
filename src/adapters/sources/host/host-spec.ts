import { z } from 'zod';
import { duration } from '../../../base/duration-schema.ts';
import { formatDuration } from '../../../base/time.ts';
import { PASSING_LINKS } from '../../../model/passing-links.ts';

const share = z.number().gt(0).lte(1);

/** When a share 0..1 of something is too much; false: never. */
function limits(warn: number, critical: number, holds: string) {
  return z.union([
    z.literal(false),
    z
      .strictObject({
        warn: share.default(warn),
        critical: share.default(critical),
        /** A threshold is left only this far under it, so that a value at it makes no storm. */
        hysteresis: z.number().min(0).max(0.5).default(0.05),
        /** How long the value must stay over a threshold before it counts as crossed. */
        for: duration.prefault(holds),
      })
      .refine((limit) => limit.warn <= limit.critical, 'warn must not be above critical')
      .prefault({}),
  ]);
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
  /** How often the host is looked at. */
  interval: between(20, 3_600_000).prefault('10s'),
  /** How often values are stored that change slowly: disk space, counts, uptime. */
  slowInterval: between(20, 86_400_000).prefault('60s'),
  /** false: only events, no metric records. */
  metrics: z.boolean().default(true),
  thresholds: z
    .strictObject({
      // A minute of a busy processor is work; longer is an overload.
      cpu: limits(0.9, 0.98, '60s'),
      memory: limits(0.9, 0.97, '30s'),
      // Space seldom comes back by itself, so nothing is waited for.
      filesystem: limits(0.85, 0.95, '0s'),
      inodes: limits(0.85, 0.95, '0s'),
    })
    .prefault({}),
  filesystems: z
    .strictObject({
      /** Mount points that are left out: what containers and packages mount is theirs. */
      exclude: patterns.default([
        '/var/lib/docker/*',
        '/var/lib/containers/*',
        '/var/lib/kubelet/*',
        '/run/*',
        '/snap/*',
      ]),
    })
    .prefault({}),
  interfaces: z
    .strictObject({
      /** Interfaces that are left out: each container brings one and takes it away. */
      exclude: patterns.default(['lo', ...PASSING_LINKS]),
      /** Whether changes of their state are told; absent: where no netlink source does it. */
      events: z.boolean().optional(),
    })
    .prefault({}),
});

/** As parsed. */
export type HostSpec = z.infer<typeof hostSpecSchema>;

/** The thresholds of one kind of value; `for` is in milliseconds. */
export type Limits = Readonly<Record<'warn' | 'critical' | 'hysteresis' | 'for', number>>;
