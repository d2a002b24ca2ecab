import { messageOf } from '../../base/error.ts';
import { err, unwrap, type Result } from '../../base/result.ts';
import { filesOf } from '../../filetree/compare/files-of.ts';
import { differingItems } from '../../filetree/compare/tree-changes.ts';
import { ForeignChange } from '../../filetree/expected-item.ts';
import { foreignChange } from '../../filetree/foreign-change.ts';
import { writeTree } from '../../filetree/write-tree.ts';
import type { StateImage } from '../../model/checkpoint/capture.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../ports/provider.ts';
import { changeAndNotice } from '../restart.ts';
import { runSuccessfully } from '../run-successfully.ts';
import type { LoadedProgram } from './loaded-program.ts';
import { loadedScope, type LoadedSpec } from './loaded-spec.ts';
import { lookAtLoaded, lookAtRunning } from './look-at-loaded.ts';
import { loadNow, moveProgram } from './pending-move.ts';
import { runningOf, settingsOf } from './running-layer.ts';
import { findProgram } from './running-program.ts';

/**
 * Brings the files to their desired form and then the running program to what it made of them.
 * Files that the program itself refuses are never loaded, and files that it had not loaded when
 * they were captured are put back but not loaded either: nobody knows what they would do. Applying
 * twice is applying once.
 */
export async function applyLoaded<Spec extends LoadedSpec>(
  program: LoadedProgram<Spec>,
  spec: Spec,
  task: ApplyTask,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const looked = await lookAtLoaded(program, spec, io, false);
  if (!looked.ok) return looked;
  const { image: now, stampAt } = looked.value;
  const foreign = foreignChange(task, now);
  if (foreign !== undefined) return err(foreign);
  const { desired, paths } = task;
  const writing = {
    scope: loadedScope(spec),
    now: filesOf(now),
    stampAt,
    desired: filesOf(desired),
  };
  const work = new LoadedWork(program, spec, io);
  return changeAndNotice(
    {
      owes: runningOf(desired) === 'with these files',
      change(beforeChange) {
        const beforeFiles = async (): Promise<void> => {
          await work.requireSameSettings(now);
          await beforeChange();
        };
        return writeTree({ ...writing, beforeChange: beforeFiles }, paths, io);
      },
      async notice(isOwed) {
        const why = await work.bring(desired, isOwed).catch(messageOf);
        return why === undefined ? { kind: 'done' } : { kind: 'unknown', why };
      },
    },
    io,
  );
}

/** One program on its way to a desired running layer. */
class LoadedWork<Spec extends LoadedSpec> {
  readonly #program: LoadedProgram<Spec>;
  readonly #spec: Spec;
  readonly #io: ProviderIo;

  constructor(program: LoadedProgram<Spec>, spec: Spec, io: ProviderIo) {
    this.#program = program;
    this.#spec = spec;
    this.#io = io;
  }

  /** Files took a while to prepare: somebody may have set the program otherwise meanwhile. */
  async requireSameSettings(looked: StateImage): Promise<void> {
    const now = await this.#running(filesOf(looked));
    const isStopped = runningOf(now) === 'stopped';
    const [other] = differingItems(settingsOf(looked), settingsOf(now));
    if (other === undefined && isStopped === (runningOf(looked) === 'stopped')) return;
    const what = other?.path ?? this.#spec.program;
    throw new ForeignChange(`${what} was changed by somebody else; it is left as it is`);
  }

  /** Why it is not as desired in the end; undefined when it is. */
  async bring(desired: StateImage, isOwed: boolean): Promise<string | undefined> {
    const wanted = runningOf(desired);
    const before = await this.#running(filesOf(desired));
    const is = runningOf(before);
    if (wanted === 'stopped' && is !== 'stopped') await this.#stop();
    if (wanted === 'with these files') {
      const needsLoad = this.#program.settings?.needsLoad(before, desired) === true;
      if (is === 'stopped') await this.#start();
      else if (isOwed || is !== wanted || needsLoad) await this.#load();
    }
    return this.#set(desired);
  }

  async #set(desired: StateImage): Promise<string | undefined> {
    const { settings } = this.#program;
    const loaded = await this.#running(filesOf(desired));
    if (settings !== undefined && runningOf(loaded) !== 'stopped') {
      unwrap(await settings.set(this.#spec, loaded, desired, this.#io));
    }
    const now = await this.#running(filesOf(desired));
    const [other] = differingItems(settingsOf(now), settingsOf(desired));
    if (other !== undefined) return `${other.path} could not be brought to what it was`;
    // The owed restart is forgotten once this is answered, so the program is judged without it.
    const wanted = runningOf(desired);
    const is = runningOf(now);
    return is === wanted ? undefined : `${this.#spec.program} is ${is}, not ${wanted}`;
  }

  async #start(): Promise<void> {
    const { start, program } = this.#spec;
    if (start === undefined) throw new Error(`${program} does not run and no start is configured`);
    await this.#check();
    await this.#move(
      () => this.#run(start),
      (load) => load !== 'stopped',
      'did not start',
    );
  }

  async #stop(): Promise<void> {
    const { stop } = this.#program.signals;
    await this.#move(
      () => this.#signal(stop),
      (load) => load === 'stopped',
      'did not stop',
    );
  }

  async #load(): Promise<void> {
    const { reload } = this.#spec;
    await this.#check();
    const before = loadNow(this.#spec, this.#io);
    const tell = (): Promise<void> =>
      reload === undefined ? this.#signal(this.#program.signals.reload) : this.#run(reload);
    const isNew = (load: string): boolean => ![before, 'stopped'].includes(load);
    await this.#move(tell, isNew, 'did not load its files; see its log');
  }

  async #move(
    tell: () => Promise<void>,
    isThere: (load: string) => boolean,
    complaint: string,
  ): Promise<void> {
    const { program, settle } = this.#spec;
    if (await moveProgram(this.#spec, tell, isThere, this.#io)) return;
    throw new Error(`${program} ${complaint} (${settle} ms)`);
  }

  /** The files lie in their places by now; what the program refuses is not loaded. */
  async #check(): Promise<void> {
    await this.#run(this.#program.check(this.#spec));
  }

  async #run(command: readonly string[]): Promise<void> {
    unwrap(await runSuccessfully(command, { timeoutMs: this.#spec.timeout }, this.#io));
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const found = findProgram(this.#spec.pidFile, this.#spec.program, this.#io.clock);
    if (found === undefined) throw new Error(`${this.#spec.program} does not run any more`);
    process.kill(found.pid, signal);
  }

  async #running(files: StateImage): Promise<StateImage> {
    return unwrap(await lookAtRunning(this.#program, this.#spec, files, this.#io));
  }
}
