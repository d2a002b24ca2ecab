import { z } from 'zod';
import { LOG_LEVELS } from '../../base/log.ts';

/** What the core asks of the host process, beside `host.<name>.provider`. */
export const HOST_SUBJECT = {
  /** What it may do; asked once, while the core still is root. */
  configure: 'host.configure',
  /** Opens its folder and serves; asked once the vault answers. */
  start: 'host.start',
  stop: 'host.stop',
  /** Over a socket: who a core and a host runner are to each other, see `handshake.ts`. */
  hello: 'host.hello',
  prove: 'host.prove',
  /** Over a socket: whether it is still there, not merely not gone, and what its clock shows. */
  ping: 'host.ping',
  /** How what is set aside for recovery in its folder stands. */
  reserve: 'host.reserve',
} as const;

/** The answer to `hello`; `host`: what the runner was started to be one of `hosts` as. */
export const helloAnswer = z.object({
  name: z.string(),
  host: z.string().optional(),
  nonce: z.string(),
  proof: z.string(),
});

/** The answer to `prove`: the runner serves. */
export const proveAnswer = z.object({ isServing: z.literal(true) });

/** What the host process asks of the core: the vault has one writer, and that is the core. */
export const VAULT_SUBJECT = {
  put: 'vault.put',
  get: 'vault.get',
  missing: 'vault.missing',
} as const;

/** The subject on which a host process runs commands of its configuration. */
export function commandSubject(host: string): string {
  return `host.${host}.run`;
}

/** What the host process is told before anything else. */
export const hostSettings = z.object({
  /** The word in its subjects. */
  name: z.string(),
  /** Fence, notes and caches lie here. */
  folder: z.string(),
  keyFile: z.string(),
  /** The configuration's text and name: the allow-list comes from it. */
  configText: z.string(),
  configFile: z.string(),
  logLevel: z.enum(LOG_LEVELS),
});

/** As parsed. */
export type HostSettings = z.output<typeof hostSettings>;

/** A command to run, without input or environment: probes need none. */
export const commandAsk = z.object({
  words: z.array(z.string()),
  timeoutMs: z.number().positive(),
});

/** What a command left behind; the output as base64. */
export const commandAnswer = z.object({
  exitCode: z.number(),
  stdout: z.base64(),
  stderr: z.string(),
});
