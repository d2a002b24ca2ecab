import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LocalBus, type BusLink } from '../../adapters/buses/local/local-bus.ts';
import { messageOf, type LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { vaultBlobs } from '../../runner/host-runner.ts';
import { providerClient } from '../../runner/provider-client.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Vault } from '../../ports/vault.ts';
import { commandsOver } from './answer-command.ts';
import { serveBlobs } from './bus-blobs.ts';
import { isProof, newNonce, proofOf, readSecret } from './handshake.ts';
import type { HostRunnerLink } from './host-runner-link.ts';
import { helloAnswer, HOST_SUBJECT, proveAnswer } from './messages.ts';
import { newCallId, type Host } from './start-local-host.ts';

/** A host runner that is started at the same time as we are needs a moment. */
const FIRST_WAIT_MS = 30_000;
/** Between two tries to reach one that is gone: restarted by hand or by its supervisor. */
const RETRY_MS = 500;
/** Each message of the handshake; a start waits for a predecessor's runner to end. */
const ANSWER_MS = 20_000;

/**
 * A host runner of its own, reached over a Unix socket, for a daemon that never was root. It may
 * be restarted beside us: calls fail while it is away, and it is looked for until it is back.
 */
export class SocketLink implements HostRunnerLink {
  /** Never: it may come back at any time. */
  readonly lost: Promise<LastgoodError> = new Promise(() => undefined);
  readonly #socket: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bus: LocalBus;
  #link: BusLink | undefined;
  #name = '';
  #isStopping = false;

  constructor(socket: string, clock: Clock, log: Log) {
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    this.#bus = new LocalBus({ clock, log, downCode: 'LG_RUNTIME_HOST_DOWN' });
  }

  async start(vault: Vault): Promise<Result<Host>> {
    serveBlobs(this.#bus, vaultBlobs(vault));
    const deadline = this.#clock.uptimeMs() + FIRST_WAIT_MS;
    for (;;) {
      const joined = await this.#join();
      if (joined.ok) break;
      if (this.#clock.uptimeMs() >= deadline) return joined;
      await this.#pause();
    }
    return ok({
      client: providerClient(this.#bus, () => this.#name, newCallId),
      run: commandsOver(this.#bus, () => this.#name),
      stop: () => this.stop(),
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    // It ends what is at work for us when the link ends.
    this.#link?.close();
  }

  /** Connects and proves who we are to who it is; then it serves us until the link ends. */
  async #join(): Promise<Result<void>> {
    const secret = await readSecret(this.#socket);
    if (!secret.ok) return secret;
    const socket = await connect(this.#socket);
    if (!socket.ok) return socket;
    const link = this.#bus.connect(socket.value);
    const known = await this.#prove(secret.value);
    if (!known.ok) {
      link.close();
      await link.closed;
      return known;
    }
    this.#link = link;
    void link.closed.then(() => this.#rejoin());
    return ok(undefined);
  }

  async #prove(secret: Uint8Array): Promise<Result<void>> {
    const core = newNonce();
    const hello = await this.#bus.request(HOST_SUBJECT.hello, core, ANSWER_MS);
    if (!hello.ok) return hello;
    const said = helloAnswer.safeParse(hello.value);
    if (!said.success) return err(stranger(this.#socket));
    const { nonce, proof, name } = said.data;
    const nonces = [core, nonce] as const;
    if (!isProof(proof, proofOf(secret, 'host', nonces))) return err(stranger(this.#socket));
    const ours = proofOf(secret, 'core', nonces);
    const proven = await this.#bus.request(HOST_SUBJECT.prove, ours, ANSWER_MS);
    if (!proven.ok) return proven;
    if (!proveAnswer.safeParse(proven.value).success) return err(stranger(this.#socket));
    this.#name = name;
    return ok(undefined);
  }

  async #rejoin(): Promise<void> {
    if (this.#isStopping) return;
    this.#log.warn('HostRunnerAway', { socket: this.#socket });
    while (!this.#isStopping) {
      const joined = await this.#join();
      if (joined.ok) {
        this.#log.warn('HostRunnerBack', { socket: this.#socket });
        return;
      }
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(RETRY_MS, resolve));
  }
}

function stranger(socket: string): LastgoodError {
  return lgError('LG_RUNTIME_HOST_DOWN', `who answers at ${socket} is not our host runner`);
}

async function connect(path: string): Promise<Result<Socket>> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return ok(socket);
  } catch (cause) {
    const detail = `${path}: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_HOST_DOWN', detail, cause));
  }
}
