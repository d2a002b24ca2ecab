import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { Socket } from 'node:net';
import { LastgoodError } from '../../base/error.ts';
import { equalDigests } from '../../base/hash.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { NONCE_BYTES, ownerProof } from '../access/owner-proof.ts';
import { exchange, readBody, type Outgoing } from './exchange.ts';

/** A token and the data directory it lies in. */
export interface OwnToken {
  readonly token: string;
  readonly folder: string;
}

/** A proof is two hundred bytes. */
const PROOF_BYTES_MAX = 4096;

/**
 * Opens a connection on which the daemon has proved that the data directory is its own, and answers
 * the agent of this one connection: whatever takes the port over later gets no request. Throws
 * LG_API_DAEMON_UNREACHABLE when nobody answers there, or somebody else.
 */
export async function provedConnection(
  owner: URL,
  { token, folder }: OwnToken,
  patience: Pick<Outgoing, 'timeoutMs' | 'signal' | 'authorities'>,
): Promise<Agent> {
  const agent = oneConnection(owner);
  const nonce = randomBytes(NONCE_BYTES).toString('hex');
  const url = new URL(`?nonce=${nonce}`, owner);
  // One deadline for all of it: whoever listens there may trickle.
  const deadline = AbortSignal.timeout(patience.timeoutMs);
  const signal = AbortSignal.any([deadline, ...(patience.signal ? [patience.signal] : [])]);
  try {
    const response = await exchange({
      ...patience,
      signal,
      url,
      method: 'GET',
      headers: {},
      agent,
    });
    const { remoteAddress = '', remotePort = 0 } = response.socket;
    const idleMs = patience.timeoutMs;
    const text = await readBody(response, url, PROOF_BYTES_MAX, { idleMs, signal });
    const expected = ownerProof(token, nonce, { address: remoteAddress, port: remotePort });
    if (response.statusCode === 200 && equalDigests(proofIn(text), expected)) return agent;
  } catch (error) {
    agent.destroy();
    if (patience.signal?.aborted === true) throw error;
    if (deadline.aborted) throw unowned(`no daemon of ${folder} answers in time`, error);
    if (!(error instanceof LastgoodError)) throw error;
    throw unowned(`no daemon of ${folder} answers: ${error.detail}`, error);
  }
  agent.destroy();
  throw unowned(`no daemon runs on ${folder}; what listens at ${owner.origin} is another program`);
}

function unowned(detail: string, cause?: unknown): Error {
  return lgError('LG_API_DAEMON_UNREACHABLE', detail, cause);
}

function oneConnection({ protocol }: URL): Agent {
  const agent = new (protocol === 'https:' ? TlsAgent : Agent)({ keepAlive: true, maxSockets: 1 });
  const connect = agent.createConnection.bind(agent);
  let isUsed = false;
  agent.createConnection = (options, callback) => {
    if (!isUsed) {
      isUsed = true;
      return connect(options, callback);
    }
    callback?.(new Error('the connection closed before the request was sent'), new Socket());
    return undefined;
  };
  return agent;
}

function proofIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    const proof = new Map<string, unknown>(Object.entries(Object(answer))).get('proof');
    return typeof proof === 'string' ? proof : '';
  } catch {
    return '';
  }
}
