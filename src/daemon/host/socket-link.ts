import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LocalBus, type BusLink } from '../../adapters/buses/local/local-bus.ts';
import { messageOf, type LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { vaultBlobs } from '../../runner/blob-store.ts';
import { providerClient } from '../../runner/provider-client.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Vault } from '../../ports/vault.ts';
import { commandsOver } from './answer-command.ts';
import { serveBlobs } from './bus-blobs.ts';
import type { ClockExchange } from '../../model/evidence/clock-exchange.ts';
import { timedAsk } from './clock-exchange.ts';
import { isProof, newNonce, proofOf, readSecret } from './handshake.ts';
import type { HostRunnerLink } from './host-runner-link.ts';
import { helloAnswer, HOST_SUBJECT, proveAnswer } from './messages.ts';
import { programsOver } from './program-messages.ts';
import { newCallId, type Host } from './start-local-host.ts';
import { reserveOver } from './tell-reserve.ts';

/** A host runner that is started at the same time as we are needs a moment. */
const FIRST_WAIT_MS = 30_000;
/** Between two tries to reach one that is gone: 250 ms, twice that, … up to the last. */
const RETRY_MS = { first: 250, most: 5_000 } as const;
/** Each message of the handshake; a start waits for a predecessor's runner to end. */
const ANSWER_MS = 20_000;
/**
 * One that stands still, as a stopped process does, keeps its connection open: it is asked from
 * time to time, and given up when no answer comes while even a slow disk would have let it answer.
 */
const PING_MS = { every: 5_000, answer: 20_000 } as const;
/** One that does not take our farewell is left without; the daemon has ten seconds in all. */
const LEAVE_MS = 2_000;

/** Where a host runner of its own is to be found. */
export interface SocketPlace {
  readonly socket: string;
  /** What the configuration calls the host; absent: it is this machine. */
  readonly host?: string;
}

/**
 * A host runner of its own, reached over a Unix socket, for a daemon that never was root. It may
 * be restarted beside us: calls fail while it is away, and it is looked for until it is back.
 */
export class SocketLink implements HostRunnerLink {
  /** Never: it may come back at any time. */
  readonly lost: Promise<LastgoodError> = new Promise(() => undefined);
  readonly #place: SocketPlace;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Told what each answered ping says of its clock and ours. */
  readonly #onExchange: (exchange: ClockExchange) => void;
  readonly #bus: LocalBus;
  readonly #stopping = new AbortController();
  /** The connection, proven or not. */
  #joined: Joined | undefined;
  #name = '';
  #away: LastgoodError | undefined;

  constructor(
    place: SocketPlace,
    clock: Clock,
    log: Log,
    onExchange: (exchange: ClockExchange) => void = () => undefined,
  ) {
    this.#place = place;
    this.#onExchange = onExchange;
    this.#clock = clock;
    this.#log = log;
    this.#bus = new LocalBus({ clock, log, downCode: 'LG_RUNTIME_HOST_DOWN' });
    this.#away = this.#down('it was not asked yet');
  }

  /** Why it cannot be reached; undefined while it serves. */
  get away(): LastgoodError | undefined {
    return this.#away;
  }

  async start(vault: Vault): Promise<Result<Host>> {
    const host = await this.begin(vault, FIRST_WAIT_MS);
    if (this.#away === undefined) return ok(host);
    await this.stop();
    return err(this.#away);
  }

  /** Looks for the runner from now on, and waits so long until it is found for the first time. */
  async begin(vault: Vault, waitMs: number): Promise<Host> {
    serveBlobs(this.#bus, vaultBlobs(vault));
    const { promise: isFound, resolve } = Promise.withResolvers<void>();
    const stopWaiting = this.#clock.after(waitMs, resolve);
    void this.#stayJoined(resolve);
    await isFound;
    stopWaiting();
    // Until it has proven itself, whoever is at the other end is asked for nothing.
    const request: Bus['request'] = async (...asked) => {
      if (this.#away !== undefined) return err(this.#away);
      const answer = await this.#bus.request(...asked);
      const isGone = !answer.ok && answer.error.code === 'LG_RUNTIME_HOST_DOWN';
      return isGone ? err(this.#named(answer.error)) : answer;
    };
    return {
      client: providerClient({ request }, () => this.#name, newCallId),
      run: commandsOver({ request }, () => this.#name),
      subscribe: (subject, hear) => this.#bus.subscribe(subject, hear),
      program: programsOver({ request }, () => this.#name),
      reserve: reserveOver({ request }),
      stop: () => this.stop(),
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#joined === undefined) return;
    const { link, socket } = this.#joined;
    // It ends what is at work for us when the link ends.
    link.close();
    const stopWaiting = this.#clock.after(LEAVE_MS, () => socket.destroy());
    void link.closed.then(stopWaiting);
  }

  /** Joins, watches and joins again, until we stop. */
  async #stayJoined(found: () => void): Promise<void> {
    let waitMs: number = RETRY_MS.first;
    let isNew = true;
    while (!this.#stopping.signal.aborted) {
      const joined = await this.#join();
      if (joined.ok) {
        this.#away = undefined;
        if (!isNew) this.#log.warn('HostRunnerBack', { ...this.#place });
        isNew = false;
        found();
        waitMs = RETRY_MS.first;
        await this.#watch(joined.value);
        this.#away = this.#down('its connection ended');
        if (!this.#isStopping) this.#log.warn('HostRunnerAway', { ...this.#place });
      } else this.#away = this.#named(joined.error);
      await this.#pause(waitMs);
      waitMs = Math.min(2 * waitMs, RETRY_MS.most);
    }
  }

  /** Answers when the connection is over; ends it when nobody answers any more. */
  async #watch({ link, socket }: Joined): Promise<void> {
    let isOpen = true;
    const closed = link.closed.then(() => (isOpen = false));
    while (isOpen) {
      await Promise.race([closed, this.#pause(PING_MS.every)]);
      if (!isOpen) return;
      if (this.#isStopping) return void (await closed);
      const ask = () => this.#bus.request(HOST_SUBJECT.ping, null, PING_MS.answer);
      const { answer, exchange } = await timedAsk(this.#clock, ask);
      if (exchange !== undefined) this.#onExchange(exchange);
      if (answer.ok || answer.error.code !== 'LG_RUNTIME_DEADLINE') continue;
      this.#log.warn('HostRunnerSilent', { ...this.#place });
      socket.destroy();
      await closed;
    }
  }

  /** Connects and proves who we are to who it is; then it serves us until the link ends. */
  async #join(): Promise<Result<Joined>> {
    const secret = await readSecret(this.#place.socket);
    if (!secret.ok) return secret;
    const socket = await connect(this.#place.socket);
    if (!socket.ok) return socket;
    const link = this.#bus.connect(socket.value);
    const joined = { link, socket: socket.value };
    this.#joined = joined;
    const known = await this.#prove(secret.value);
    if (known.ok && !this.#isStopping) return ok(joined);
    // Not by a farewell: who does not answer would not answer that either.
    joined.socket.destroy();
    await link.closed;
    return known.ok ? err(lgError('LG_RUNTIME_HOST_DOWN', 'we are stopping')) : known;
  }

  async #prove(secret: Uint8Array): Promise<Result<void>> {
    const { socket, host } = this.#place;
    const core = newNonce();
    const hello = await this.#bus.request(HOST_SUBJECT.hello, core, ANSWER_MS);
    if (!hello.ok) return hello;
    const said = helloAnswer.safeParse(hello.value);
    if (!said.success) return err(stranger());
    const { nonce, proof, name } = said.data;
    const nonces = [core, nonce] as const;
    if (!isProof(proof, proofOf(secret, 'host', nonces))) return err(stranger());
    if (said.data.host !== host) {
      const [wanted, found] = [host, said.data.host].map((word) => word ?? 'this machine');
      return err(lgError('LG_RUNTIME_HOST_OTHER', `${socket} is of ${found}, not of ${wanted}`));
    }
    const ours = proofOf(secret, 'core', nonces);
    const proven = await this.#bus.request(HOST_SUBJECT.prove, ours, ANSWER_MS);
    if (!proven.ok) return proven;
    if (!proveAnswer.safeParse(proven.value).success) return err(stranger());
    this.#name = name;
    return ok(undefined);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #down(detail: string, cause?: unknown): LastgoodError {
    const { socket, host = 'the host runner' } = this.#place;
    return lgError('LG_RUNTIME_HOST_DOWN', `${host} at ${socket}: ${detail}`, cause);
  }

  /** Whatever kept us from joining it, what follows is that it is away. */
  #named(error: LastgoodError): LastgoodError {
    return error.code === 'LG_RUNTIME_HOST_OTHER' ? error : this.#down(error.detail, error);
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#clock.after(ms, end);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
  }
}

interface Joined {
  readonly link: BusLink;
  readonly socket: Socket;
}

function stranger(): LastgoodError {
  return lgError('LG_RUNTIME_HOST_DOWN', 'who answers there is not our host runner');
}

async function connect(path: string): Promise<Result<Socket>> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return ok(socket);
  } catch (cause) {
    return err(lgError('LG_RUNTIME_HOST_DOWN', messageOf(cause), cause));
  }
}
