import { connect } from 'node:net';
import { supervisorSocket } from './layout.ts';
import type { ServiceName } from './layout.ts';

/** What one asks of the shop's supervisor. */
export type SupervisorCommand =
  | { readonly command: 'status' }
  | { readonly command: 'restart' | 'stop'; readonly service: ServiceName };

/** Starting a service may take 15 s, stopping the old one 2 s. */
const answerTimeoutMs = 20_000;

/**
 * Sends one command to the supervisor of the shop in `root`; resolves with the process ids it
 * reports (undefined for a service that is not running), rejects with the reason it gives.
 */
export function callSupervisor(
  root: string,
  command: SupervisorCommand,
): Promise<ReadonlyMap<string, number | undefined>> {
  return new Promise((resolve, reject) => {
    const socket = connect(supervisorSocket(root));
    let text = '';
    socket.setTimeout(answerTimeoutMs, () => {
      socket.destroy(new Error(`the supervisor did not answer within ${answerTimeoutMs} ms`));
    });
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
    });
    socket.on('end', () => {
      try {
        resolve(decodeAnswer(text));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.write(`${JSON.stringify(command)}\n`);
  });
}

function decodeAnswer(text: string): ReadonlyMap<string, number | undefined> {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error(`not an answer: ${text}`);
  if ('error' in answer) throw new Error(String(answer.error));
  const services = 'services' in answer ? answer.services : undefined;
  if (typeof services !== 'object' || services === null) throw new Error(`not an answer: ${text}`);
  return new Map(
    Object.entries(services).map(([name, state]: [string, unknown]) => {
      const hasPid = typeof state === 'object' && state !== null && 'pid' in state;
      return [name, hasPid && typeof state.pid === 'number' ? state.pid : undefined];
    }),
  );
}
