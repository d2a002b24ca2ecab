import { createConnection } from 'node:net';
import { messageOf } from '../../../base/error.ts';
import { fromUtf8 } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { HaproxySpec } from './haproxy-spec.ts';
import { adminCommands, parseServers, serverItems } from './servers.ts';

/** 100 000 servers; more is no answer to what was asked. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** How the servers of a running haproxy are set; none without a socket. */
export async function readServers(
  spec: HaproxySpec,
  io: ProviderIo,
): Promise<Result<readonly StateItem[]>> {
  if (spec.socket === undefined) return ok([]);
  const answer = await ask(spec.socket, 'show servers state', spec.timeout, io);
  if (!answer.ok) return answer;
  const servers = parseServers(answer.value);
  if (servers !== undefined) return ok(serverItems(servers));
  const what = `${spec.socket}: answered ${JSON.stringify(answer.value.slice(0, 99))}`;
  return err(lgError('LG_PROVIDER_UNREADABLE', what));
}

/** Sets the servers as desired, one line after the other. Whoever calls looks what came of it. */
export async function setServers(
  spec: HaproxySpec,
  now: StateImage,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<void>> {
  if (spec.socket === undefined) return ok(undefined);
  for (const line of adminCommands(now, desired)) {
    const answer = await ask(spec.socket, line, spec.timeout, io);
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

/** One line to the socket and all that it answers. */
function ask(
  path: string,
  line: string,
  timeoutMs: number,
  io: ProviderIo,
): Promise<Result<string>> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const socket = createConnection({ path });
    const fail = (why: string): void => {
      socket.destroy();
      resolve(err(lgError('LG_PROVIDER_UNREADABLE', `${path}: ${line}: ${why}`)));
    };
    const onAbort = (): void => fail('canceled');
    io.signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once('close', () => io.signal.removeEventListener('abort', onAbort));
    socket.once('error', (error) => fail(messageOf(error)));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) fail(`more than ${ANSWER_BYTES_MAX} bytes`);
      else parts.push(chunk);
    });
    socket.once('end', () => resolve(ok(fromUtf8(Buffer.concat(parts)))));
    socket.end(`${line}\n`);
  });
}
