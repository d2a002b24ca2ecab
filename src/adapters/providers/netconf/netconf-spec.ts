import { z } from 'zod';
import { absolutePath, command, milliseconds } from '../../../local-provider/spec-parts.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';

/** A host name or an address; nothing that a program could take for an option. */
const host = z
  .string()
  .regex(/^[A-Za-z0-9_[][\w.:%\]-]{0,252}$/, 'write a host name or an address');

const node = z
  .string()
  .regex(/^[A-Za-z_][\w.-]*:(?:[A-Za-z_][\w.-]*|\*)$/, 'write module:node, or module:*');

const ssh = z.strictObject({
  host: host.describe('Name or address of the device.'),
  port: z.number().int().min(1).max(65_535).default(830).describe('Port of its SSH server.'),
  user: z
    .string()
    .regex(/^[A-Za-z_][\w.-]{0,63}$/, 'write the name of a user')
    .describe('Who logs in; the device may let him read, edit and commit.'),
  identity: absolutePath
    .optional()
    .describe('File of the private key; absent: the keys and the agent of whoever runs the host.'),
  knownHosts: absolutePath
    .optional()
    .describe('File with the host key of the device; absent: the known_hosts of the user.'),
});

/** The settings of the provider `netconf`. */
export const netconfSpec = z
  .strictObject({
    ssh: ssh
      .optional()
      .describe(
        'The way to the device by the `ssh` of the system, which must know its host key and is ' +
          'never asked for a password.',
      ),
    command: command
      .optional()
      .describe(
        'Instead of `ssh`: words of a command that speaks NETCONF on its standard input and ' +
          'output. Anybody can read them in the process table: no passwords.',
      ),
    nodes: z
      .array(node)
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'Top-level nodes that are the state, as module:node or module:*; absent: all there are. ' +
          'No other node is ever changed.',
      ),
    secrets: z
      .array(node)
      .max(1_000)
      .default([])
      .describe('Those of them whose content no diff may show, beside values that sound secret.'),
    timeout: milliseconds
      .prefault('30s')
      .describe('How long the device may take for each answer; a duration, or milliseconds.'),
  })
  .refine((spec) => (spec.ssh === undefined) !== (spec.command === undefined), {
    message: 'write one of ssh and command',
  })
  .refine((spec) => !trustsAnybody(spec.command ?? []), {
    path: ['command'],
    message: 'let ssh check the host key: whoever answers would be changed',
  });

/** As parsed. */
export type NetconfSpec = z.output<typeof netconfSpec>;

/** Whether a command tells ssh to take any host for the device. */
function trustsAnybody(words: readonly string[]): boolean {
  return words.some((word) => /StrictHostKeyChecking\s*[= ]\s*(?:no|off)\b/i.test(word));
}

/** The command that leads to the device. */
export function wayTo(spec: NetconfSpec): readonly string[] {
  if (spec.ssh === undefined) return spec.command ?? [];
  const { host: name, port, user, identity, knownHosts } = spec.ssh;
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=10'];
  if (knownHosts !== undefined) options.push(`UserKnownHostsFile=${knownHosts}`);
  if (identity !== undefined) options.push('IdentitiesOnly=yes');
  const key = identity === undefined ? [] : ['-i', identity];
  const said = options.flatMap((option) => ['-o', option]);
  return ['ssh', '-T', ...said, ...key, '-p', String(port), '-l', user, '-s', name, 'netconf'];
}

/** How the device is called where it is told of. */
export function nameOf({ ssh: way, command: words = [] }: NetconfSpec): string {
  return way === undefined ? hideSecrets(words.join(' ')) : `${way.user}@${way.host}:${way.port}`;
}

/** Whether a top-level node is part of the state. */
export function isOwned({ nodes }: NetconfSpec, path: string): boolean {
  return nodes === undefined || matches(nodes, path);
}

/** Whether a node's content is secret as a whole. */
export function isSecret({ secrets }: NetconfSpec, path: string): boolean {
  return matches(secrets, path);
}

function matches(patterns: readonly string[], path: string): boolean {
  const [module = ''] = path.split(':');
  return patterns.includes(path) || patterns.includes(`${module}:*`);
}
