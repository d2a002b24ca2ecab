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

/** As much as may wait to be read: more than this at once is no answer but a flood. */
const UNREAD_BYTES_MAX = 64 * 1024 * 1024;

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
  const onAbort = (): void => talking.fail('was canceled');
  setting.signal.addEventListener('abort', onAbort, { once: true });
  if (setting.signal.aborted) onAbort();
  const deadline = setTimeout(
    () => talking.fail(`took longer than ${options.timeoutMs} ms`),
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

/** One command at work: keeps what it said until somebody reads it. */
class TalkingCommand implements Conversation {
  readonly #started: StartedCommand;
  readonly #program: string;
  readonly #exited: Promise<unknown>;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #stderr: Uint8Array = new Uint8Array();
  #over: string | undefined;
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
      ([code]: readonly unknown[]) => this.#finish(`ended with ${String(code)}`),
      (error: unknown) => this.#finish(`cannot start: ${messageOf(error)}`),
    );
  }

  write(bytes: Uint8Array): void {
    this.#started.child.stdin.write(bytes);
  }

  async read(timeoutMs: number): Promise<Result<Uint8Array>> {
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
      return ok(said);
    }
    if (this.#over === undefined) {
      const what = `${this.#program} said nothing within ${timeoutMs} ms`;
      return err(lgError('LG_PROVIDER_TIMEOUT', what));
    }
    const words = lastWords(fromUtf8(this.#stderr), STDERR_CHARS_SHOWN);
    const what = `${this.#program} ${this.#over}${words === '' ? '' : `: ${words}`}`;
    return err(lgError('LG_PROVIDER_COMMAND_FAILED', what));
  }

  /** Nothing more is to be expected of it. */
  fail(why: string): void {
    this.#finish(why);
    killGroup(this.#started);
  }

  async end(): Promise<void> {
    this.#started.child.stdin.end();
    const late = setTimeout(() => killGroup(this.#started), GOODBYE_MS);
    await this.#exited;
    clearTimeout(late);
    // What it started itself may have stayed behind.
    killGroup(this.#started);
  }

  #hear(chunk: Buffer): void {
    if (this.#over !== undefined) return;
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > UNREAD_BYTES_MAX) this.fail('said too much at once');
    this.#wake();
  }

  #finish(why: string): void {
    this.#over ??= why;
    this.#wake();
  }
}
