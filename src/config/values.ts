import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { parseDuration, parseRfc3339, type DurationMs } from '../base/time.ts';

const BYTE_UNITS: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** 100MB at least: less is not even a few minutes of evidence. */
const DISK_SIZE = '^([1-9]\\d{2,}(\\.\\d+)?(MB|MiB)|[1-9]\\d*(\\.\\d+)?(GB|TB|GiB|TiB))$';

/** `500MB`, `20GB`, `1.5TiB`, in bytes. */
export const diskSize = z
  .string()
  .meta({ pattern: DISK_SIZE, examples: ['500MB', '20GB'] })
  .transform((text, context): number => {
    const bytes = bytesOf(text, DISK_SIZE);
    if (bytes !== undefined) return bytes;
    context.addIssue('write a size as 500MB, 20GB or 1TiB; at least 100MB');
    return z.NEVER;
  });

/** 1MiB at least: with less not even the journal of one run is safe. */
const RESERVE_SIZE = '^[1-9]\\d*(\\.\\d+)?(MB|GB|MiB|GiB)$';

/** `64MiB`, `1GB`, in bytes; `false` is none. */
export const reserveSize = z.union([
  z.literal(false).transform((): number => 0),
  z
    .string()
    .meta({ pattern: RESERVE_SIZE, examples: ['64MiB', '1GB'] })
    .transform((text, context): number => {
      const bytes = bytesOf(text, RESERVE_SIZE);
      if (bytes !== undefined) return bytes;
      context.addIssue('write a size as 64MiB or 1GB, or false for none; at least 1MB');
      return z.NEVER;
    }),
]);

function bytesOf(text: string, pattern: string): number | undefined {
  const unit = BYTE_UNITS[text.replace(/^[\d.]+/, '')];
  if (unit === undefined || !new RegExp(pattern).test(text)) return undefined;
  return Math.floor(Number.parseFloat(text) * unit);
}

/** At least a minute: evidence that stays for less is a slip of the pen. */
const KEEPING_TIME = '^[1-9]\\d*(\\.\\d+)?(m|h|d|w)$';

/** How long evidence stays: `12h`, `30d`. */
export const keepingTime = z
  .string()
  .meta({ pattern: KEEPING_TIME, examples: ['12h', '30d'] })
  .transform((text, context): DurationMs => {
    const parsed = parseDuration(text);
    if (parsed !== undefined && new RegExp(KEEPING_TIME).test(text)) return parsed;
    context.addIssue('write how long as 12h, 30d or 8w; at least 1m');
    return z.NEVER;
  });

/** A duration, or a plain number of milliseconds. */
export const milliseconds = z.union([duration, z.number().min(0)]);

/** An instant, RFC 3339. */
export const instant = z
  .string()
  .meta({ pattern: '^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d', examples: ['2026-11-27T00:00:00Z'] })
  .refine((text) => parseRfc3339(text) !== undefined, {
    error: 'write a time as 2026-11-27T00:00:00Z',
  });

/** Where a listener accepts. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The listener that cannot be missed, as the refusal of `false` says. */
const NEEDED =
  'the command line reaches the daemon here, so it cannot be switched off; move it to another ' +
  'port, or to a free one with "127.0.0.1:0"';

/** `address:port`, `[v6]:port`. */
export const address = z
  .string({ error: ({ input }) => (input === false ? NEEDED : undefined) })
  .meta({
    pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^:\\[\\]\\s]+):\\d{1,5}$',
    examples: ['127.0.0.1:7433'],
  })
  .transform((text, context): ListenAddress => {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
    const port = Number(match?.[3]);
    const host = match?.[1] ?? match?.[2];
    if (host !== undefined && port <= 65_535) return { host, port };
    context.addIssue('write a listener as "127.0.0.1:7433"');
    return z.NEVER;
  });

/** An address, or false for "off". */
export const listenAddress = z.union([z.literal(false), address]);

/** A network in CIDR notation, or one address. */
export const network = z.string().refine(isNetwork, {
  error: 'write a network as 10.0.0.0/8 or 2001:db8::/32, or one address',
});

function isNetwork(text: string): boolean {
  return [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()].some((one) => one.safeParse(text).success);
}

/** `env:NAME` or `file:PATH`: secrets never stand in the configuration itself. */
export const secretReference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'refer to a secret as env:NAME or file:PATH');

/** A command as a list of words; no shell is involved. */
export const command = z.array(z.string().min(1)).min(1).max(64);

/** Names of components, triggers and sources: they appear in URLs and in file names. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use letters, digits, dot, dash and underscore');
