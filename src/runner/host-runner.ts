import type { Json } from '../base/canonical-json.ts';
import { messageOf } from '../base/error.ts';
import { err, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import type { Provider, ProviderIo, RunOptions, RunOutput } from '../ports/provider.ts';
import { answerCall, type CallHelp } from './answer-call.ts';
import { aborted, errorOf, timeoutOf } from './call-end.ts';
import { converse } from './converse.ts';
import { openCommandRegister, type CommandRegister } from './command-register.ts';
import { decodeProviderCall } from './decode-provider-call.ts';
import { DEAD_MAN_SUBJECT, type DeadManNews } from './deadman/dead-man-news.ts';
import { openDeadMen } from './deadman/dead-men.ts';
import type { DeadManLauncher } from './deadman/start-dead-man.ts';
import type { RunPause } from './pause/let-go.ts';
import { openPauses, type Pauses } from './pause/pauses.ts';
import { openRunFolders } from './deadman/run-folder.ts';
import type { HostSetting } from './host-setting.ts';
import { marksOf } from './image-marks.ts';
import { openFence, type Fence } from './fence.ts';
import { runCommand } from './run-command.ts';
import type { CommandSetting } from './start-command.ts';
import { openStateLocks, type StateLocks } from './state-lock.ts';
import { openStateMemory, type StateMemory } from './state-memory.ts';
import { TurnTaking } from './turn-taking.ts';

/** What nobody may do who was overtaken, and nobody beside a dead-man at work. */
const FENCED: ReadonlySet<ProviderCall['method']> = new Set(['apply', 'arm', 'extend', 'fence']);

/** A host runner at work. */
export interface HostRunner {
  /** Runs a command of the configuration: a health check, or the pause of a writer. */
  run(command: readonly string[], options: RunOptions): Promise<Result<RunOutput>>;
  /** Takes no new calls, cancels those at work and waits for them. Idempotent. */
  stop(): Promise<void>;
}

/** The subject on which a host's runner answers provider calls. */
export function providerSubject(host: string): string {
  return `host.${host}.provider`;
}

/**
 * Starts the one thing that touches the host. Calls of one state take turns, so it has one writer;
 * a mutation with an overtaken token is refused; every call ends by its deadline, and one that
 * hangs keeps its state locked until it really ended.
 */
export async function startHostRunner(setting: HostSetting): Promise<HostRunner> {
  await setting.disk.makeFolder(setting.folder);
  const { disk, folder, keyring, log, deadMan } = setting;
  const register = openCommandRegister(`${folder}/commands`, setting.clock, disk);
  // Before anything is read: what a killed predecessor began must not write beside us.
  await register.endLeftovers();
  const tell = (news: DeadManNews): void => void setting.bus.publish(DEAD_MAN_SUBJECT, { ...news });
  const pauses = deadMan && (await pausesOf(setting, register, deadMan, tell));
  const runner = new Runner(
    setting,
    register,
    await openFence(disk, folder),
    await openStateMemory(disk, `${folder}/states`, keyring, log),
    {
      marks: await marksOf(setting),
      deadMen: deadMan && (await openDeadMen(setting, deadMan, tell)),
      pauses,
    },
    deadMan && (await openStateLocks(disk, folder, deadMan.lock)),
  );
  await pauses?.takeUp();
  const unserve = setting.bus.serve(providerSubject(setting.name), (message) =>
    runner.answer(message),
  );
  return {
    run: (command, options) => runner.run(command, options),
    async stop() {
      unserve();
      await runner.stop();
    },
  };
}

/** Commands that let somebody go on are not ended half-way because we are. */
async function pausesOf(
  { disk, folder, keyring, clock, log, commandEnv }: HostSetting,
  register: CommandRegister,
  launcher: DeadManLauncher,
  tell: (news: DeadManNews) => void,
): Promise<Pauses> {
  const { signal } = new AbortController();
  const open = await openRunFolders(disk, folder, keyring);
  const run: RunPause = (words, options) =>
    runCommand(words, options, { env: commandEnv, signal, register });
  return openPauses({ disk, folder, open, clock, launcher, run, log, tell });
}

class Runner {
  readonly #setting: HostSetting;
  readonly #register: CommandRegister;
  readonly #fence: Fence;
  readonly #memory: StateMemory;
  readonly #help: CallHelp;
  readonly #locks: StateLocks | undefined;
  readonly #turns = new TurnTaking();
  readonly #stopping = new AbortController();

  constructor(
    setting: HostSetting,
    register: CommandRegister,
    fence: Fence,
    memory: StateMemory,
    help: CallHelp,
    locks: StateLocks | undefined,
  ) {
    this.#setting = setting;
    this.#register = register;
    this.#fence = fence;
    this.#memory = memory;
    this.#help = help;
    this.#locks = locks;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(lgError('LG_STORE_CLOSED', 'the host runner is stopping'));
    await this.#turns.allDone();
    await this.#help.deadMen?.stop();
    await this.#help.pauses?.stop();
  }

  run(
    command: readonly string[],
    options: RunOptions,
    signal: AbortSignal = this.#stopping.signal,
  ): Promise<Result<RunOutput>> {
    return runCommand(command, options, this.#command(signal));
  }

  #command(signal: AbortSignal): CommandSetting {
    return { env: this.#setting.commandEnv, signal, register: this.#register };
  }

  async answer(message: Json): Promise<Result<Json>> {
    const call = decodeProviderCall(message);
    if (typeof call === 'string') return err(lgError('LG_RUNTIME_USAGE', call));
    const refusal = this.#setting.refuse?.(call);
    if (refusal !== undefined) return err(refusal);
    const provider = this.#setting.providers.get(call.state.provider);
    if (provider === undefined) {
      return err(lgError('LG_PROVIDER_UNKNOWN', `${call.state.id}: ${call.state.provider}`));
    }
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(timeoutOf(call)), call.deadlineMs);
    const signal = AbortSignal.any([deadline.signal, this.#stopping.signal]);
    const work = this.#turns.take(call.state.id, () => this.#work(provider, call, signal));
    // Work that outlives its deadline reports to the log; the caller has its answer.
    void work.finally(() => clearTimeout(timer));
    return Promise.race([work, aborted(signal)]);
  }

  async #work(
    provider: Provider<unknown>,
    call: ProviderCall,
    signal: AbortSignal,
  ): Promise<Result<Json>> {
    const memory = await this.#memory.cache(call.state.id);
    try {
      signal.throwIfAborted();
      const io = this.#io(call, signal, memory.cache);
      const result = await this.#asWriter(call, signal, () =>
        answerCall(provider, call, io, this.#help),
      );
      await memory.keep();
      return result;
    } catch (thrown) {
      const { log } = this.#setting;
      log.warn('ProviderCallFailed', { state: call.state.id, why: messageOf(thrown) });
      return err(errorOf(call, thrown, signal));
    }
  }

  /** What must not be done beside a dead-man, or after being overtaken, waits for its turn. */
  async #asWriter(
    { method, state, run, runToken = 0 }: ProviderCall,
    signal: AbortSignal,
    work: () => Promise<Result<Json>>,
  ): Promise<Result<Json>> {
    if (method === 'cancel') {
      const result = await work();
      if (result.ok) await this.#fence.regain(state.id, runToken);
      return result;
    }
    // A freeze for a checkpoint is nobody's run and has no token.
    const isPausing = method === 'pause' && runToken > 0;
    if (!isPausing && !FENCED.has(method)) return work();
    const lock = await this.#locks?.take(state.id, signal);
    if (lock?.ok === false) return lock;
    try {
      const passed = await this.#fence.pass(state.id, runToken);
      if (!passed.ok) return passed;
      if (method === 'fence' && run !== undefined) await this.#help.deadMen?.renew(run, runToken);
      return await work();
    } finally {
      lock?.value.release();
    }
  }

  #io(call: ProviderCall, signal: AbortSignal, cache: ProviderIo['cache']): ProviderIo {
    const { blobs, clock, log, host, spare } = this.#setting;
    return {
      clock,
      log,
      signal,
      cache,
      notes: this.#memory.notes(call.state.id),
      spare,
      putBlob: (bytes) => blobs.put(bytes),
      getBlob: (hash) => blobs.get(hash),
      missingBlobs: (hashes) => blobs.missing(hashes),
      run: (command, options) => this.run(command, options, signal),
      converse: (command, options, talk) => converse(command, options, this.#command(signal), talk),
      host,
      isOurs: this.#setting.isOurs,
    };
  }
}
