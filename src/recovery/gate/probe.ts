import { connect } from 'node:net';

import { assertUnreachable } from '../../base/assert.ts';
import { messageOf, systemCode } from '../../base/error.ts';
import type { Result } from '../../base/result.ts';
import type { HealthProbe } from '../../model/component/component.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import type { RunOptions, RunOutput } from '../../ports/provider.ts';

/** Runs a command on the host; the host runner's own function. */
export type RunCommand = (
  command: readonly string[],
  options: RunOptions,
) => Promise<Result<RunOutput>>;

/** The stable name of a health check: the same before a run, in its gate and afterwards. */
export function checkName(component: string, probe: HealthProbe): string {
  switch (probe.kind) {
    case 'http':
      return `${component}: GET ${probe.url}`;
    case 'tcp':
      return `${component}: connect ${probe.address}:${probe.port}`;
    case 'command':
      return `${component}: run ${probe.command.join(' ')}`;
    default:
      return assertUnreachable(probe);
  }
}

/**
 * Asks one health probe once, within its timeout. A wrong answer is red, and so is a refused
 * connection: nobody listens. What could not be asked at all is `unknown`. Never throws.
 */
export async function askProbe(
  component: string,
  probe: HealthProbe,
  runCommand: RunCommand,
): Promise<ProbeSample> {
  const check = checkName(component, probe);
  const seen = await look(probe, runCommand);
  return { check, component, ...seen, ...(probe.external === true ? { external: true } : {}) };
}

type Seen = Pick<ProbeSample, 'color' | 'seen'>;

function look(probe: HealthProbe, runCommand: RunCommand): Promise<Seen> {
  switch (probe.kind) {
    case 'http':
      return get(probe);
    case 'tcp':
      return dial(probe);
    case 'command':
      return runProbe(probe, runCommand);
    default:
      return assertUnreachable(probe);
  }
}

/** A redirect is an answer of its own: following it would ask somebody else. */
async function get(probe: Extract<HealthProbe, { kind: 'http' }>): Promise<Seen> {
  const signal = AbortSignal.timeout(probe.timeoutMs);
  try {
    // Each question opens a connection of its own: a kept one would prove the past.
    const headers = { connection: 'close', 'user-agent': 'lastgood' };
    const response = await fetch(probe.url, { redirect: 'manual', signal, headers });
    await response.body?.cancel();
    const { status } = response;
    if (status === probe.expect) return { color: 'green', seen: `answered ${status}` };
    return { color: 'red', seen: `answered ${status}, expected ${probe.expect}` };
  } catch (error) {
    if (signal.aborted) return { color: 'red', seen: `no answer within ${probe.timeoutMs} ms` };
    return failure(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}

function dial(probe: Extract<HealthProbe, { kind: 'tcp' }>): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = connect({ host: probe.address, port: probe.port });
    const end = (seen: Seen): void => {
      socket.destroy();
      resolve(seen);
    };
    socket.setTimeout(probe.timeoutMs, () => {
      end({ color: 'red', seen: `no connection within ${probe.timeoutMs} ms` });
    });
    socket.once('connect', () => end({ color: 'green', seen: 'connected' }));
    socket.once('error', (error) => end(failure(error)));
  });
}

async function runProbe(
  probe: Extract<HealthProbe, { kind: 'command' }>,
  runCommand: RunCommand,
): Promise<Seen> {
  const result = await runCommand(probe.command, { timeoutMs: probe.timeoutMs });
  if (!result.ok) return { color: 'unknown', seen: result.error.detail };
  const { exitCode } = result.value;
  return { color: exitCode === 0 ? 'green' : 'red', seen: `exit ${exitCode}` };
}

/** Nobody there is an answer; not being able to ask (no route, no name service) is none. */
const ANSWERS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function failure(error: unknown): Seen {
  const code = systemCode(error);
  const color = code !== undefined && ANSWERS.has(code) ? 'red' : 'unknown';
  return { color, seen: code ?? messageOf(error) };
}
