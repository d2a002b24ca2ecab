import { concatBytes, fromUtf8 } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { RunOptions, RunOutput } from '../ports/provider.ts';
import {
  killGroup,
  startCommand,
  type CommandChild,
  type CommandSetting,
} from './start-command.ts';

/** A captured state is at most a few blobs; more output than this is a mistake. */
const STDOUT_BYTES_MAX = 32 * 1024 * 1024;

/** The last words say why something failed. */
const STDERR_BYTES_KEPT = 16 * 1024;

/** How long after its end a command's pipes are drained: a service it started may hold them. */
const DRAIN_MS = 250;

/**
 * Runs a command without a shell, in a process group of its own, with bounded output. At the
 * deadline or on abort the group is killed. LG_PROVIDER_COMMAND_FAILED when it cannot be started
 * or takes too long, LG_PROVIDER_TOO_LARGE when it writes too much.
 */
export async function runCommand(
  command: readonly string[],
  options: RunOptions,
  setting: CommandSetting,
): Promise<Result<RunOutput>> {
  const [program, ...words] = command;
  if (program === undefined) return err(lgError('LG_PROVIDER_COMMAND_FAILED', 'empty command'));
  const { child, forget } = startCommand([program, ...words], options, setting);
  const running = new RunningCommand(child, program);
  try {
    return await running.end(options, setting.signal);
  } finally {
    forget();
  }
}

/** One command at work: collects its output and sees that it ends. */
class RunningCommand {
  readonly #child: CommandChild;
  readonly #program: string;
  readonly #stdout: Buffer[] = [];
  #stdoutBytes = 0;
  #stderr: Uint8Array = new Uint8Array();
  #killedBecause: string | undefined;
  #isTooLarge = false;

  constructor(child: CommandChild, program: string) {
    this.#child = child;
    this.#program = program;
    child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      const kept = concatBytes([this.#stderr, chunk]);
      this.#stderr = kept.slice(Math.max(0, kept.length - STDERR_BYTES_KEPT));
    });
  }

  async end(options: RunOptions, signal: AbortSignal): Promise<Result<RunOutput>> {
    const timer = setTimeout(
      () => this.#kill(`took longer than ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    const onAbort = (): void => this.#kill('was canceled');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#child.stdin.end(options.input ?? new Uint8Array());
    try {
      return this.#outcome(await this.#exited());
    } catch (cause) {
      return err(lgError('LG_PROVIDER_COMMAND_FAILED', `${this.#program} cannot start`, cause));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #outcome(exitCode: number): Result<RunOutput> {
    if (this.#isTooLarge) {
      const what = `${this.#program} wrote more than ${STDOUT_BYTES_MAX} bytes`;
      return err(lgError('LG_PROVIDER_TOO_LARGE', what));
    }
    if (this.#killedBecause !== undefined) {
      const what = `${this.#program} ${this.#killedBecause}`;
      return err(lgError('LG_PROVIDER_COMMAND_FAILED', what));
    }
    const stdout = concatBytes(this.#stdout);
    return ok({ exitCode, stdout, stderr: fromUtf8(this.#stderr) });
  }

  #hear(chunk: Buffer): void {
    this.#stdoutBytes += chunk.length;
    if (this.#stdoutBytes <= STDOUT_BYTES_MAX) this.#stdout.push(chunk);
    else {
      this.#isTooLarge = true;
      this.#kill('wrote too much');
    }
  }

  #kill(why: string): void {
    this.#killedBecause ??= why;
    killGroup({ child: this.#child });
  }

  /** Exit code, or 128 and the signal's place as shells count; rejects when it cannot start. */
  #exited(): Promise<number> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      let drain: NodeJS.Timeout | undefined;
      child.once('error', reject);
      child.once('exit', () => {
        drain = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, DRAIN_MS);
      });
      child.once('close', (code) => {
        clearTimeout(drain);
        resolve(code ?? 128);
      });
    });
  }
}
