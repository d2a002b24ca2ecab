import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { CONFIRM_MS_MAX, CONFIRM_MS_MIN } from '../model/run/confirm-time.ts';
import { automatic } from './automatic.ts';
import { batches } from './batches.ts';
import { component } from './component.ts';
import { groups } from './group.ts';
import { hosts } from './host.ts';
import { rules } from './rule.ts';
import { storage } from './storage.ts';
import { trigger } from './trigger.ts';
import { address, instant, listenAddress, name, network, secretReference } from './values.ts';

const local = (port: number): string => `127.0.0.1:${port}`;

const listen = z
  .strictObject({
    ui: address
      .prefault(local(7433))
      .describe('UI and API; the command line needs it, so it can be moved but not switched off.'),
    otlpHttp: listenAddress.prefault(local(4318)).describe('OTLP over HTTP.'),
    otlpGrpc: listenAddress.prefault(local(4317)).describe('OTLP over gRPC.'),
    syslogUdp: listenAddress.prefault(local(5514)).describe('Syslog over UDP.'),
    syslogTcp: listenAddress.prefault(local(5514)).describe('Syslog over TCP.'),
    syslogTls: listenAddress
      .optional()
      .describe(
        'Syslog over TLS; absent: 127.0.0.1:6514 where access.tls names a certificate, else off.',
      ),
  })
  .prefault({})
  .describe('Where it listens: an address and port; false switches any but ui off.');

const source = z.looseObject({
  name: name.describe('How it is called in `sources`; used once.'),
  kind: z.string().describe('What it reads.'),
  rules: rules
    .prefault([])
    .describe('What of it is not stored one by one; the first rule about a record decides.'),
});

const checkpoints = z
  .strictObject({
    schedule: z
      .union([duration, z.literal(false)])
      .prefault('15m')
      .describe(
        'How often all states are captured; false: when asked, by a trigger, before changes.',
      ),
    soak: duration
      .prefault('30m')
      .describe(
        'How long all must stay well after a checkpoint before it counts as good; at least twice ' +
          'the longest window of a trigger.',
      ),
    recheck: duration
      .prefault('24h')
      .describe(
        'How often each is read back as a whole and its targets are asked whether they would ' +
          'take it; what cannot be restored any more is told.',
      ),
    warnAfter: z
      .union([duration, z.literal(false)])
      .prefault('24h')
      .describe(
        'It is told when no good checkpoint younger than this holds a state; false: never.',
      ),
    groups,
    keep: z
      .strictObject({
        last: z
          .int()
          .min(1)
          .default(100)
          .describe('So many of the newest stay, whatever they are.'),
        within: duration.prefault('30d').describe('Good ones younger than this stay, too.'),
      })
      .prefault({})
      .describe('Which checkpoints stay; the last good one of every state always does.'),
  })
  .prefault({})
  .describe('When checkpoints are taken, and which stay.');

const rollback = z
  .strictObject({
    confirmTimeout: duration
      .refine((ms) => ms >= CONFIRM_MS_MIN, {
        error: 'write 10s or more: within less nobody could look at the result and answer',
      })
      .refine((ms) => ms <= CONFIRM_MS_MAX, {
        error: 'write 1h or less: what was there before is kept waiting no longer, soaks included',
      })
      .optional()
      .describe(
        'How long a run waits to be confirmed, counted from before its first change; 10s to 1h. ' +
          'Absent: 600s, and 120s where nothing but the network of this machine changes. A plan ' +
          'takes twice what such runs took before where that is more.',
      ),
    onSilence: z
      .enum(['revert', 'keep-if-healed'])
      .default('keep-if-healed')
      .describe(
        'What follows when nobody confirms: it goes back, always or unless the incident healed ' +
          'and every change can be taken back.',
      ),
    gate: z
      .strictObject({
        samples: z
          .int()
          .min(1)
          .max(100)
          .default(3)
          .describe(
            'So many rounds of the checks in a row must be green; so many red of a check that ' +
              'was green before turn it back, after 30 s where something was restarted.',
          ),
        interval: duration.prefault('2s').describe('Time between two rounds.'),
      })
      .prefault({})
      .describe('When the checks after a rollback count as passed.'),
    batches,
    automatic,
    coolDown: duration
      .prefault('15m')
      .describe(
        'For so long after a rollback that did not heal, the next one for the same incident or ' +
          'component needs the word of a second person, or --break-glass with a reason; after ' +
          'one that turned red what was green, the next one to the same target.',
      ),
    undoPeriod: duration
      .prefault('7d')
      .describe('How long the checkpoint before a run stays, so that the run can be undone.'),
  })
  .prefault({})
  .describe('How a rollback is judged and confirmed.');

const freeze = z.strictObject({
  name: name.describe('How refusals call it.'),
  from: instant.describe('When it begins, RFC 3339.'),
  to: instant.describe('When it ends, RFC 3339; at this instant it is over.'),
  components: z
    .array(z.string())
    .default(['*'])
    .describe('Names of the components that stay as they are; "*" means all.'),
});

const tls = z
  .strictObject({
    cert: z.string().describe('File of the certificate with its chain, PEM.'),
    key: z.string().describe('File of its private key, PEM.'),
    ca: z
      .string()
      .optional()
      .describe(
        'File of the authority, PEM, whose certificates senders of syslog over TLS must show.',
      ),
  })
  .optional()
  .describe('The certificate of the listeners; demanded where others than this host reach them.');

const access = z
  .strictObject({
    tls,
    hosts: z
      .array(z.string())
      .default([])
      .describe(
        'Further names the UI is called by; requests for any other are refused (DNS rebinding).',
      ),
    senders: z
      .array(network)
      .max(1024)
      .default([])
      .describe('Networks that may send where no token can be shown (syslog), as 10.0.0.0/8.'),
  })
  .prefault({})
  .describe('Who may reach the listeners.');

const notify = z.strictObject({
  kind: z.literal('webhook').describe('How: a POST of JSON.'),
  name: name.default('webhook').describe('How the log calls it.'),
  url: z
    .union([z.url({ protocol: /^https?$/ }), secretReference])
    .describe('Where to; a URL that is a secret stands elsewhere: env:NAME or file:PATH.'),
  secret: secretReference
    .optional()
    .describe('Signs each notice with HMAC-SHA256; env:NAME or file:PATH.'),
});

/** `lastgood.yaml`. Every member has a default: an empty file is a valid configuration. */
export const configSchema = z.strictObject({
  version: z.literal(1).default(1).describe('The format of this file.'),
  listen,
  sources: z
    .array(source)
    .optional()
    .describe('What is read beside the listeners; absent: what this host has; []: nothing.'),
  rules: z
    .record(name, rules)
    .default({})
    .describe('What is not stored one by one, by kind (otlp, syslog) or name of the source.'),
  hosts,
  components: z
    .array(component)
    .optional()
    .describe('The inventory; absent: this host, compared only; []: nothing.'),
  triggers: z.array(trigger).default([]).describe('When something is wrong, and what follows.'),
  checkpoints,
  rollback,
  freeze: z
    .array(freeze)
    .default([])
    .describe('Times in which deploys are refused, and rollbacks that do not say --break-glass.'),
  storage,
  access,
  notify: z.array(notify).default([]).describe('Who is told of incidents, runs and triggers.'),
  redact: z
    .strictObject({
      attributes: z
        .array(z.string())
        .default([])
        .describe('Names of attributes, letter for letter, of records and their resources.'),
    })
    .prefault({})
    .describe('Attributes whose values are replaced before they are stored.'),
});

/** A configuration with all defaults filled in. Durations are milliseconds. */
export type Config = z.output<typeof configSchema>;
