import type { Socket } from 'node:net';
import { LocalBus, type BusLink } from '../../adapters/buses/local/local-bus.ts';
import { PROVIDERS } from '../../adapters/registry.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { TurnQueue } from '../../base/turn-queue.ts';
import { deadManLauncher } from '../deadman/launch-deadman.ts';
import { startHostRunner, type HostRunner } from '../../runner/host-runner.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Json } from '../../base/canonical-json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Keyring } from '../../ports/keyring.ts';
import type { AllowList } from './allow-list.ts';
import { answerCommand } from './answer-command.ts';
import { busBlobs } from './bus-blobs.ts';
import { pingAnswer } from './clock-exchange.ts';
import { HeldPrograms } from './held-programs.ts';
import { isProof, newNonce, proofOf } from './handshake.ts';
import { commandSubject, HOST_SUBJECT } from './messages.ts';
import { programSubject } from './program-messages.ts';
import { isOwnProgram } from './own-program.ts';
import { hostDisk } from '../recovery-reserve.ts';
import { answerReserve } from './tell-reserve.ts';

/** Who has not proven itself by then is not our core. */
const PROVE_MS = 5_000;

/** What every session of a host runner is made of. */
export interface HostSessionParts {
  /** The word in its subjects. */
  readonly name: string;
  /** What the configuration calls this host; undefined: it is the daemon's own machine. */
  readonly host?: string | undefined;
  readonly folder: string;
  readonly keyring: Keyring;
  readonly keyFile: string;
  readonly allowed: AllowList;
  readonly secret: Uint8Array;
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly log: Log;
  /** What is to be set aside in its folder. */
  readonly reserveBytes: number;
}

/** One core at the other end of a connection: served once it has proven itself, until it ends. */
export class HostSession {
  /** Resolves when the connection is over and nothing is at work for it any more. */
  readonly ended: Promise<void>;
  readonly #parts: HostSessionParts;
  readonly #bus: LocalBus;
  readonly #link: BusLink;
  readonly #clock: Clock;
  readonly #turns: TurnQueue;
  readonly #nonce = newNonce();
  readonly #socket: Socket;
  #coreNonce: string | undefined;
  #isKnown = false;

  constructor(socket: Socket, parts: HostSessionParts, clock: Clock, turns: TurnQueue) {
    this.#parts = parts;
    this.#clock = clock;
    this.#turns = turns;
    this.#socket = socket;
    const { log } = parts;
    this.#bus = new LocalBus({ clock, log, downCode: 'LG_RUNTIME_HOST_DOWN' });
    this.#bus.serve(HOST_SUBJECT.hello, async (nonce) => this.#hello(nonce));
    this.#bus.serve(HOST_SUBJECT.prove, (proof) => this.#prove(proof));
    this.#bus.serve(HOST_SUBJECT.ping, async () => ok(pingAnswer(clock)));
    this.#link = this.#bus.connect(socket);
    const stopWaiting = clock.after(PROVE_MS, () => {
      if (!this.#isKnown) socket.destroy();
    });
    this.ended = this.#link.closed.then(async () => {
      stopWaiting();
      await this.#served;
    });
  }

  /** Ends the connection; what is at work is canceled. */
  close(): void {
    this.#socket.destroy();
  }

  /** Until the runner of this session has ended. */
  #served: Promise<unknown> = Promise.resolve();

  #hello(nonce: Json): Result<Json> {
    if (typeof nonce !== 'string' || this.#coreNonce !== undefined) {
      return err(lgError('LG_RUNTIME_USAGE', 'a core says hello once, with a nonce'));
    }
    this.#coreNonce = nonce;
    const { secret, name, host } = this.#parts;
    const proof = proofOf(secret, 'host', [nonce, this.#nonce]);
    return ok({ name, nonce: this.#nonce, proof, ...(host === undefined ? {} : { host }) });
  }

  async #prove(proof: Json): Promise<Result<Json>> {
    const nonces = [this.#coreNonce ?? '', this.#nonce] as const;
    const expected = proofOf(this.#parts.secret, 'core', nonces);
    if (this.#coreNonce === undefined || !isProof(String(proof), expected) || this.#isKnown) {
      this.#parts.log.warn('HostCoreRefused', {});
      this.#socket.destroy();
      return err(lgError('LG_PROVIDER_NOT_ALLOWED', 'the core does not know the secret'));
    }
    this.#isKnown = true;
    const { promise: isServing, resolve } = Promise.withResolvers<Result<Json>>();
    this.#served = this.#turns
      .take(() => this.#serve(resolve))
      .catch((thrown: unknown) => {
        this.#parts.log.error('HostRunnerStartError', { why: String(thrown) });
        resolve(err(lgError('LG_RUNTIME_HOST_DOWN', String(thrown))));
        this.#socket.destroy();
      });
    return isServing;
  }

  /** One runner at a time over our folder, so every state has one writer, whichever core asks. */
  async #serve(say: (answer: Result<Json>) => void): Promise<void> {
    const { name, host, folder, keyring, allowed, log, commandEnv, reserveBytes } = this.#parts;
    const growing = { clock: this.#clock, log };
    const { stop: stopGrowing, standing, ...room } = hostDisk(folder, reserveBytes, growing);
    const runner: HostRunner = await startHostRunner({
      name,
      host,
      bus: this.#bus,
      providers: PROVIDERS,
      blobs: busBlobs(this.#bus),
      folder,
      ...room,
      keyring,
      clock: this.#clock,
      log,
      commandEnv,
      isOurs: isOwnProgram,
      deadMan: deadManLauncher({ folder, path: folder, keyFile: this.#parts.keyFile }, log),
      refuse: (call) => allowed.refuseCall(call),
    }).catch(async (thrown: unknown) => {
      await stopGrowing();
      throw thrown;
    });
    this.#bus.serve(commandSubject(name), (payload) => answerCommand(payload, allowed, runner));
    const programs = new HeldPrograms(this.#clock, (words) => allowed.refuseProgram(words));
    this.#bus.serve(programSubject(name), (payload) => programs.answer(payload));
    this.#bus.serve(HOST_SUBJECT.reserve, () => answerReserve(standing));
    say(ok({ isServing: true }));
    await this.#link.closed;
    programs.stop();
    await stopGrowing();
    await runner.stop();
  }
}
