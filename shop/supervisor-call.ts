import { connect } from 'node:net';
import { supervisorSocket } from './layout.ts';

/** What one asks of a shop's supervisor. */
export type SupervisorCommand =
  | { readonly command: 'status' }
  | { readonly command: 'start' | 'stop' | 'restart'; readonly service: string };

/** Stopping a service may take 2 s and starting it 20 s. */
const answerTimeoutMs = 25_000;

/**
 * Sends one command to the supervisor of the shop in `root`; resolves with the process ids it
 * reports (undefined for a service that does not run), rejects with the reason it gives.
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
  const pids = 'pids' in answer ? answer.pids : undefined;
  if (typeof pids !== 'object' || pids === null) throw new Error(`not an answer: ${text}`);
  const entries: [string, unknown][] = Object.entries(pids);
  return new Map(entries.map(([name, pid]) => [name, typeof pid === 'number' ? pid : undefined]));
}
