import { LocalBus, type BusLink } from '../../adapters/buses/local/local-bus.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { ok, type Result } from '../../base/result.ts';
import { vaultBlobs } from '../../runner/blob-store.ts';
import { providerClient } from '../../runner/provider-client.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Vault } from '../../ports/vault.ts';
import { startOwnProcess } from '../own-process.ts';
import { commandsOver } from './answer-command.ts';
import { serveBlobs } from './bus-blobs.ts';
import type { HostRunnerLink } from './host-runner-link.ts';
import { HOST_SUBJECT, type HostSettings } from './messages.ts';
import { programsOver } from './program-messages.ts';
import { newCallId, type Host } from './start-local-host.ts';
import { reserveOver } from './tell-reserve.ts';

/** Loads its modules, or waits for a predecessor that is just ending. */
const START_DEADLINE_MS = 30_000;
/** Cancels what is at work; the daemon has ten seconds in all. */
const STOP_DEADLINE_MS = 7_000;

/**
 * The host process, forked while the core is root so that it stays root after the core is not. A
 * core that gave its privileges up cannot fork another one: when it dies, `lost` resolves and the
 * daemon ends with an error, so that whatever supervises it starts all of it anew.
 */
export class HostLink implements HostRunnerLink {
  /** Resolves when the process ended without being asked to. */
  readonly lost: Promise<LastgoodError>;
  readonly #bus: LocalBus;
  readonly #link: BusLink;
  readonly #ended: Promise<unknown>;
  #name = '';
  #isStopping = false;

  private constructor(clock: Clock, log: Log) {
    const child = startOwnProcess(new URL('./process', import.meta.url));
    // A bus has one peer at a time, and the core's own is the evidence process.
    this.#bus = new LocalBus({ clock, log, downCode: 'LG_RUNTIME_HOST_DOWN' });
    this.#link = this.#bus.connect(child.pipe);
    const { promise, resolve } = Promise.withResolvers<LastgoodError>();
    this.lost = promise;
    this.#ended = child.ended;
    void child.ended.then((why) => {
      if (this.#isStopping) return;
      const error = lgError('LG_RUNTIME_HOST_ENDED', why);
      log.error('HostProcessEnded', { why });
      resolve(error);
    });
  }

  /** Forks the process and tells it what it may do; nothing is asked of the host yet. */
  static async fork(settings: HostSettings, clock: Clock, log: Log): Promise<Result<HostLink>> {
    const link = new HostLink(clock, log);
    link.#name = settings.name;
    const told = await link.#bus.request(HOST_SUBJECT.configure, settings, START_DEADLINE_MS);
    if (told.ok) return ok(link);
    await link.stop();
    return told;
  }

  /** Gives it the vault and lets it serve. LG_RUNTIME_… or LG_KEY_… when it cannot. */
  async start(vault: Vault): Promise<Result<Host>> {
    serveBlobs(this.#bus, vaultBlobs(vault));
    const started = await this.#bus.request(HOST_SUBJECT.start, null, START_DEADLINE_MS);
    if (!started.ok) return started;
    return ok({
      client: providerClient(this.#bus, () => this.#name, newCallId),
      run: commandsOver(this.#bus, () => this.#name),
      subscribe: (subject, hear) => this.#bus.subscribe(subject, hear),
      program: programsOver(this.#bus, () => this.#name),
      reserve: reserveOver(this.#bus),
      stop: () => this.stop(),
    });
  }

  /** Cancels what is at work and ends the process. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      await this.#bus.request(HOST_SUBJECT.stop, null, STOP_DEADLINE_MS);
    }
    // It ends with its link: nobody without privileges could end it by a signal.
    this.#link.close();
    await this.#ended;
  }
}
