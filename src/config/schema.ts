import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { COMPONENT_KINDS } from '../model/component.ts';
import { RECORD_KINDS } from '../model/timeline-record.ts';
import { TRIGGER_ACTIONS } from '../model/trigger.ts';
import { rules } from './rule.ts';
import {
  command,
  diskSize,
  instant,
  keepingTime,
  listenAddress,
  milliseconds,
  name,
  network,
  secretReference,
} from './values.ts';

const local = (port: number): string => `127.0.0.1:${port}`;

const listen = z.strictObject({
  ui: listenAddress.prefault(local(7433)).describe('UI and API'),
  otlpHttp: listenAddress.prefault(local(4318)).describe('OTLP over HTTP'),
  otlpGrpc: listenAddress.prefault(local(4317)).describe('OTLP over gRPC'),
  syslogUdp: listenAddress.prefault(local(5514)).describe('syslog over UDP'),
  syslogTcp: listenAddress.prefault(local(5514)).describe('syslog over TCP'),
  syslogTls: listenAddress
    .optional()
    .describe('syslog over TLS; 127.0.0.1:6514 where access.tls names a certificate'),
});

const source = z.looseObject({ name, kind: z.string(), rules: rules.default([]) });

const health = z.union([
  z.strictObject({
    http: z.url({ protocol: /^https?$/ }),
    expect: z.int().min(100).max(599).default(200),
    timeout: duration.prefault('2s'),
  }),
  z.strictObject({
    tcp: z.string().regex(/^(\[[^\]]+\]|[^:\s]+):\d{1,5}$/, 'write a target as host:port'),
    timeout: duration.prefault('2s'),
  }),
  z.strictObject({ command, timeout: duration.prefault('5s') }),
]);

const component = z.strictObject({
  name,
  kind: z.enum(COMPONENT_KINDS).default('application'),
  dependsOn: z.array(name).default([]),
  requires: z
    .strictObject({
      logs: z.array(z.string()).default([]),
      traces: z.array(z.string()).default([]),
      events: z.array(z.string()).default([]),
    })
    .prefault({}),
  state: z.array(z.looseObject({ provider: z.string() })).default([]),
  health: z.array(health).default([]),
});

const triggerBase = {
  name,
  component: name.optional(),
  window: duration.prefault('10s'),
  for: duration.prefault('0s'),
  then: z.array(z.enum(TRIGGER_ACTIONS)).default(['checkpoint', 'incident', 'notify']),
};

const limit = {
  above: z.number().min(0),
  clearAt: z
    .number()
    .min(0)
    .optional()
    .describe('the signal clears at or under this; default: 80 % of above'),
};

const trigger = z.discriminatedUnion('signal', [
  z.strictObject({
    ...triggerBase,
    ...limit,
    signal: z.literal('log-rate'),
    minSeverity: z.int().min(0).max(24).default(17),
    above: limit.above.describe('records a second'),
  }),
  z.strictObject({
    ...triggerBase,
    ...limit,
    signal: z.literal('error-ratio'),
    minCount: z.int().min(1).default(10),
    above: limit.above.max(1).describe('share of spans, 0..1'),
  }),
  z.strictObject({
    ...triggerBase,
    signal: z.literal('span-latency'),
    quantile: z.number().gt(0).lt(1).default(0.95),
    minCount: z.int().min(1).default(10),
    above: milliseconds.describe('a duration, or milliseconds'),
    clearAt: milliseconds.optional(),
  }),
  z.strictObject({
    ...triggerBase,
    ...limit,
    signal: z.literal('event'),
    event: z.string(),
    above: limit.above.default(0).describe('occurrences in the window'),
  }),
  z.strictObject({
    ...triggerBase,
    signal: z.literal('alert'),
    match: z.record(z.string(), z.string()),
  }),
]);

const checkpoints = z.strictObject({
  schedule: z.union([z.literal(false), duration]).prefault('15m'),
  soak: duration.prefault('30m'),
  keep: z
    .strictObject({
      last: z.int().min(1).default(100),
      within: duration.prefault('30d'),
    })
    .prefault({}),
});

const rollback = z.strictObject({
  confirmTimeout: duration.prefault('600s'),
  onSilence: z.enum(['revert', 'keep-if-healed']).default('keep-if-healed'),
  gate: z
    .strictObject({
      samples: z.int().min(1).max(100).default(3),
      interval: duration.prefault('2s'),
    })
    .prefault({}),
  automatic: z.literal(false).default(false),
  undoPeriod: duration.prefault('7d'),
});

const freeze = z.strictObject({
  name,
  from: instant,
  to: instant,
  components: z.array(z.string()).default(['*']),
});

const oneOrMany = <Value>(one: z.ZodType<Value, Value>) =>
  z
    .union([one, z.array(one).min(1).max(1000)])
    .transform((value): readonly Value[] => (Array.isArray(value) ? value : [value]));

const keep = z
  .strictObject({
    kind: oneOrMany(z.enum(RECORD_KINDS)).optional(),
    component: oneOrMany(z.string().min(1)).optional().describe('as records name it'),
    for: keepingTime,
  })
  .refine(
    ({ kind, component }) => kind !== undefined || component !== undefined,
    'name a kind or a component; the time of everything else is storage.retention',
  );

const storage = z.strictObject({
  retention: keepingTime.prefault('30d').describe('how long evidence stays after it arrived'),
  keep: z
    .array(keep)
    .max(100)
    .default([])
    .describe('other times for some evidence; the first entry that matches a record decides'),
  maxBytes: diskSize
    .optional()
    .describe('size of segments and log; above it the oldest evidence goes, held evidence last'),
  sealEvery: duration.prefault('5m'),
  memory: z.int().min(64).max(65_536).default(256).describe('MiB for the query engine'),
  uidWindow: duration.prefault('24h'),
});

const tls = z.strictObject({
  cert: z.string(),
  key: z.string(),
  ca: z
    .string()
    .optional()
    .describe('authority (PEM) whose certificates senders of syslog over TLS must show'),
});

const access = z.strictObject({
  tls: tls.optional(),
  hosts: z.array(z.string()).default([]).describe('further names the UI is called by'),
  senders: z
    .array(network)
    .max(1024)
    .default([])
    .describe('networks that may send where no token can be shown (syslog), as 10.0.0.0/8'),
});

const notify = z.strictObject({
  kind: z.literal('webhook'),
  name: name.default('webhook'),
  url: z.union([z.url({ protocol: /^https?$/ }), secretReference]),
  secret: secretReference.optional().describe('signs each notice with HMAC-SHA256'),
});

/** `lastgood.yaml`. Every member has a default: an empty file is a valid configuration. */
export const configSchema = z.strictObject({
  version: z.literal(1).default(1),
  listen: listen.prefault({}),
  sources: z
    .array(source)
    .optional()
    .describe('what is read beside the listeners; absent: what this host has; []: nothing'),
  rules: z
    .record(name, rules)
    .default({})
    .describe('what is not stored one by one, by kind (otlp, syslog) or name of the source'),
  components: z
    .array(component)
    .optional()
    .describe('the inventory; absent: this host, compared only; []: nothing'),
  triggers: z.array(trigger).default([]),
  checkpoints: checkpoints.prefault({}),
  rollback: rollback.prefault({}),
  freeze: z.array(freeze).default([]),
  storage: storage.prefault({}),
  access: access.prefault({}),
  notify: z.array(notify).default([]),
  redact: z
    .strictObject({ attributes: z.array(z.string()).default([]) })
    .prefault({})
    .describe('attributes whose values are replaced before they are stored'),
});

/** A configuration with all defaults filled in. Durations are milliseconds. */
export type Config = z.output<typeof configSchema>;
