import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { COMPONENT_KINDS } from '../model/component/component.ts';
import { quiesce, writers } from './pause.ts';
import { command, name } from './values.ts';

/** The longest name that DNS allows; identifiers are shorter. */
const ALIAS_CHARS_MAX = 253;
/** Each instance of a fleet may need one; more are no names of one component. */
const ALIASES_MAX = 256;

const external = z
  .boolean()
  .default(false)
  .describe(
    'It depends on what is not ours: red, it is shown, and neither judges a rollback nor ends a ' +
      'soak.',
  );

const askHttp = z.strictObject({
  http: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !namesUser(url), {
      error: 'take user and password out of it; a `command` may ask with what stands in a file',
    })
    .describe('Asked by GET; a redirect is not followed but is the answer.'),
  expect: z.int().min(100).max(599).default(200).describe('The status of a healthy answer.'),
  timeout: duration.prefault('2s').describe('No answer within this time is a red one.'),
});

/** Nobody would be asked so: a request with a user in its address is refused before it is sent. */
function namesUser(url: string): boolean {
  const { username, password } = URL.parse(url) ?? { username: '', password: '' };
  return username + password !== '';
}

const askTcp = z.strictObject({
  tcp: z
    .string()
    .regex(/^(\[[^\]]+\]|[^:\s]+):\d{1,5}$/, 'write a target as host:port')
    .refine((target) => isPort(Number(target.slice(target.lastIndexOf(':') + 1))), {
      error: 'write a port of 1 to 65535',
    })
    .describe('A host and port, or [address]:port, that must accept a connection.'),
  timeout: duration.prefault('2s').describe('No connection within this time is a red answer.'),
});

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

const askRun = z.strictObject({
  command: command.describe('Words of a command that exits with 0 when all is well; no shell.'),
  timeout: duration.prefault('5s').describe('A command that runs longer is ended.'),
});

const http = askHttp.extend({ external });
const tcp = askTcp.extend({ external });
const run = askRun.extend({
  host: name.optional().describe("One of `hosts`, whose runner runs it; absent: the component's."),
  external,
});
const reachRun = askRun.extend({
  host: name.optional().describe('One of `hosts`, whose runner runs it; absent: this machine.'),
});

/** More would hold up a confirm for longer than its caller waits. */
const REACH_MAX = 16;

const needed = z
  .strictObject({
    logs: z
      .array(z.string().min(1))
      .default([])
      .describe(
        '`application`: what it sends over OTLP or writes to a followed file; else the name of ' +
          'a source, service, log file (endings may be left out), output stream or scope.',
      ),
    traces: z
      .array(z.string().min(1))
      .default([])
      .describe(
        '`application`: any span of it; else the name of a source, service or instrumentation ' +
          'scope.',
      ),
    events: z
      .array(z.string().min(1))
      .default([])
      .describe('Names of events of the component, of whatever age.'),
    within: duration
      .prefault('24h')
      .describe('Logs and traces whose newest record came longer ago are missing.'),
  })
  .prefault({})
  .describe('Evidence that must arrive; coverage and doctor tell what is missing.');

/** A node of the inventory; what its states say beside the provider is the provider's. */
export const component = z.strictObject({
  name: name.describe('As records name it, and used once: for OTLP this is service.name.'),
  aliases: z
    .array(z.string().min(1).max(ALIAS_CHARS_MAX))
    .max(ALIASES_MAX)
    .default([])
    .describe(
      'Other names that records bear for it: of a service (`namespace/name`, too), host or ' +
        'device, an address or an identifier. What is stored already keeps its name.',
    ),
  kind: z.enum(COMPONENT_KINDS).default('application').describe('What it is.'),
  host: name
    .optional()
    .describe(
      'One of `hosts`, whose runner captures, restores and runs commands; absent: this machine.',
    ),
  dependsOn: z
    .array(name)
    .default([])
    .describe('Names of the components that it calls or stands on.'),
  requires: needed,
  state: z
    .array(
      z.looseObject({ provider: z.string().describe('What captures and restores the state.') }),
    )
    .default([])
    .describe('What of it can be captured, and restored where the provider can.'),
  writers,
  quiesce,
  health: z
    .array(z.union([http, tcp, run]))
    .default([])
    .describe('Checks that say whether it is well; a rollback is judged by them.'),
  reach: z
    .array(z.union([askHttp, askTcp, reachRun]))
    .max(REACH_MAX)
    .default([])
    .describe(
      'Probes that show, over a new connection, that it can still be reached: all are asked ' +
        'before a confirm is accepted. Without any, a change of a network-device or firewall, or ' +
        'of its nftables, routes, frr or netconf, is confirmed from another machine.',
    ),
});
