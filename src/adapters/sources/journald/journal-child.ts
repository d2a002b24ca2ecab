import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { systemCode } from '../../../base/error.ts';

/** The last words say why it ended. */
const LAST_WORDS_CHARS = 1024;

/**
 * One journalctl at work. It is read as fast as batches become durable and waits meanwhile, since
 * the pipe between us is full; it ends by itself when we are gone.
 */
export class JournalChild {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #program: string;
  #lastWords = '';
  #failure: string | undefined;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(program: readonly string[], words: readonly string[]) {
    const [file = 'journalctl', ...before] = program;
    this.#program = file;
    const { PATH = '/usr/local/bin:/usr/bin:/bin' } = process.env;
    this.#child = spawn(file, [...before, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, LC_ALL: 'C' },
    });
    this.#child.stdout.on('readable', () => this.#wake());
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-LAST_WORDS_CHARS);
    });
    this.#child.once('error', (error) => {
      const isMissing = systemCode(error) === 'ENOENT';
      this.#failure = isMissing
        ? `${file} is not there; install it (package systemd), or remove this source`
        : `${file} cannot be started: ${error.message}`;
      this.#end();
    });
    this.#child.once('close', () => this.#end());
  }

  /** What came meanwhile; waits for more when nothing did. Undefined: nothing comes any more. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk: unknown = this.#child.stdout.read();
      if (chunk instanceof Uint8Array) return chunk;
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Why it ended, in its own words where it had any. */
  why(): string {
    if (this.#failure !== undefined) return this.#failure;
    const { exitCode, signalCode } = this.#child;
    const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
    const end = `${this.#program} ended with ${signalCode ?? exitCode}`;
    return words === '' ? end : `${end}: ${words}`;
  }

  /** Ends it; without effect when it has ended. What it wrote and was not read is dropped. */
  kill(): void {
    this.#child.kill('SIGTERM');
    // Else an unread rest would keep `close` from coming.
    this.#child.stdout.destroy();
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake();
  }
}
