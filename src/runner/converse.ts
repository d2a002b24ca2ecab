import { once } from 'node:events';
import { concatBytes, fromUtf8 } from '../base/bytes.ts';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lastWords } from '../model/checkpoint/secret-text.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Conversation, ConverseOptions } from '../ports/conversation.ts';
import {
  killGroup,
  startCommand,
  type CommandSetting,
  type StartedCommand,
} from './start-command.ts';

/** A dozen pipes full: what comes beyond it waits with the command until somebody has read. */
const UNREAD_BYTES_MAX = 1024 * 1024;

/** The last words say why something failed. */
const STDERR_CHARS_SHOWN = 500;

/** Kept as bytes, and more than is shown, so that neither a letter nor a secret is cut in two. */
const STDERR_BYTES_KEPT = 16 * 1024;

/** What has said goodbye ends by itself within this time; what has not is killed. */
const GOODBYE_MS = 2_000;

/**
 * Starts a command, lets `talk` speak with it, and ends it with its whole group however `talk`
 * ended, also when that throws.
 */
export async function converse<Answer>(
  [program, ...words]: readonly string[],
  options: ConverseOptions,
  setting: CommandSetting,
  talk: (conversation: Conversation) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  if (program === undefined) return err(lgError('LG_PROVIDER_COMMAND_FAILED', 'empty command'));
  const started = startCommand([program, ...words], options, setting);
  const talking = new TalkingCommand(started, program);
  const onAbort = (): void => talking.fail('LG_PROVIDER_COMMAND_FAILED', 'was canceled');
  setting.signal.addEventListener('abort', onAbort, { once: true });
  if (setting.signal.aborted) onAbort();
  const deadline = setTimeout(
    () => talking.fail('LG_PROVIDER_TIMEOUT', `took longer than ${options.timeoutMs} ms`),
    options.timeoutMs,
  );
  try {
    return await talk(talking);
  } finally {
    clearTimeout(deadline);
    setting.signal.removeEventListener('abort', onAbort);
    await talking.end();
    started.forget();
  }
}

/** How it ended: by itself or by us, or at the deadline. */
type OverCode = 'LG_PROVIDER_COMMAND_FAILED' | 'LG_PROVIDER_TIMEOUT';

/** One command at work: keeps what it said until somebody reads it. */
class TalkingCommand implements Conversation {
  readonly #started: StartedCommand;
  readonly #program: string;
  readonly #exited: Promise<unknown>;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #stderr: Uint8Array = new Uint8Array();
  #over: { readonly code: OverCode; readonly why: string } | undefined;
  #isEnding = false;
  #wake: () => void = () => undefined;

  constructor(started: StartedCommand, program: string) {
    this.#started = started;
    this.#program = program;
    const { child } = started;
    child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      const kept = concatBytes([this.#stderr, chunk]);
      this.#stderr = kept.slice(Math.max(0, kept.length - STDERR_BYTES_KEPT));
    });
    this.#exited = once(child, 'close').then(
      ([code]: readonly unknown[]) =>
        this.#finish('LG_PROVIDER_COMMAND_FAILED', `ended with ${String(code)}`),
      (error: unknown) =>
        this.#finish('LG_PROVIDER_COMMAND_FAILED', `cannot start: ${messageOf(error)}`),
    );
  }

  write(bytes: Uint8Array): void {
    this.#started.child.stdin.write(bytes);
  }

  async read(timeoutMs: number): Promise<Result<Uint8Array | undefined>> {
    const timer = setTimeout(() => this.#wake(), timeoutMs);
    try {
      if (this.#unreadBytes === 0 && this.#over === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.#unreadBytes > 0) {
      const said = Buffer.concat(this.#unread);
      this.#unread = [];
      this.#unreadBytes = 0;
      this.#started.child.stdout.resume();
      return ok(said);
    }
    if (this.#over === undefined) return ok(undefined);
    const { code, why } = this.#over;
    const words = lastWords(fromUtf8(this.#stderr), STDERR_CHARS_SHOWN);
    return err(lgError(code, `${this.#program} ${why}${words === '' ? '' : `: ${words}`}`));
  }

  /** Nothing more is to be expected of it. */
  fail(code: OverCode, why: string): void {
    this.#finish(code, why);
    this.hangUp();
  }

  /** Whoever left its group lives on, and may keep the other ends of our pipes open. */
  hangUp(): void {
    this.#isEnding = true;
    killGroup(this.#started);
    const { stdin, stdout, stderr } = this.#started.child;
    for (const pipe of [stdin, stdout, stderr]) pipe.destroy();
  }

  async end(): Promise<void> {
    const { child } = this.#started;
    const hangUp = (): void => this.hangUp();
    this.#isEnding = true;
    child.stdin.end();
    // What it says now is dropped, lest it waits for a reader and never ends.
    child.stdout.resume();
    const late = setTimeout(hangUp, GOODBYE_MS);
    if (child.exitCode === null && child.signalCode === null) child.once('exit', hangUp);
    else hangUp();
    await this.#exited;
    clearTimeout(late);
    // What it started itself may have stayed behind.
    killGroup(this.#started);
  }

  #hear(chunk: Buffer): void {
    if (this.#isEnding) return;
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes >= UNREAD_BYTES_MAX) this.#started.child.stdout.pause();
    this.#wake();
  }

  #finish(code: OverCode, why: string): void {
    this.#over ??= { code, why };
    this.#wake();
  }
}
