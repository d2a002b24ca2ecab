import { Readable } from 'node:stream';
import { fromBase64 } from '../../base/bytes.ts';
import type { Json } from '../../base/canonical-json.ts';
import type { PipedProgram } from '../../base/piped-program.ts';
import type { OutputOptions, Programs } from '../../base/programs.ts';
import { unwrap } from '../../base/result.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import { commandAnswer } from './messages.ts';
import { HOSTS_SUBJECT, PIECE_BYTES_MAX, programPiece, READ_WAIT_MS } from './program-messages.ts';

/** Two hops of messages, and a runner that is busy; it is given up by its own link before that. */
const TRAVEL_MS = 20_000;
/** While there is no room for more, the runner hears that somebody is still there. */
const KEEP_MS = 10_000;
/** After an answer that did not come; asking again loses nothing. */
const RETRY_MS = 500;
/** Failures that say nothing about the program. */
const PASSING: ReadonlySet<string> = new Set(['LG_RUNTIME_DEADLINE', 'LG_API_BUSY']);

/** What reaching a host takes. */
export interface RemoteParts {
  readonly bus: Pick<Bus, 'request'>;
  /** Its name; undefined: this machine, by its own runner. */
  readonly host: string | undefined;
  readonly clock: Clock;
  /** Names programs; never the same twice, also by the next process that asks. */
  readonly newId: () => string;
}

/** Programs of a host, run by its runner, which the core reaches. */
export function remotePrograms(parts: RemoteParts): Programs {
  return {
    start: (command, onWords) => new RemoteProgram(parts, command, onWords),
    output: (command, options) => outputOf(parts, command, options),
  };
}

async function outputOf(
  { bus, host }: RemoteParts,
  words: readonly string[],
  { bytesMax, timeoutMs, signal }: OutputOptions,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const ask = { ...named(host), words: [...words], timeoutMs };
  const answer = unwrap(await bus.request(HOSTS_SUBJECT.run, ask, timeoutMs + TRAVEL_MS));
  const { exitCode, stdout, stderr } = commandAnswer.parse(answer);
  if (exitCode !== 0) throw new Error(`it ended with code ${exitCode}: ${stderr.trim()}`);
  const bytes = fromBase64(stdout);
  if (bytes.length > bytesMax) throw new Error(`it wrote more than ${bytesMax} bytes`);
  return bytes;
}

function named(host: string | undefined): { readonly host?: string } {
  return host === undefined ? {} : { host };
}

/** A program that a host runner runs, as if it ran here. */
class RemoteProgram implements PipedProgram {
  readonly output: Readable;
  readonly ended: Promise<string>;
  readonly #parts: RemoteParts;
  readonly #id: string;
  #why = 'it was ended';
  #wantMore: () => void = () => undefined;
  #hasRoom = true;

  constructor(
    parts: RemoteParts,
    words: readonly string[],
    onWords: (said: string) => void = () => undefined,
  ) {
    this.#parts = parts;
    this.#id = parts.newId();
    this.output = new Readable({
      highWaterMark: PIECE_BYTES_MAX,
      read: () => {
        this.#hasRoom = true;
        this.#wantMore();
      },
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.output.once('close', () => {
      this.#wantMore();
      resolve(this.#why);
    });
    void this.#follow(words, onWords);
  }

  end(): void {
    if (this.output.destroyed) return;
    this.output.destroy();
    void this.#ask({ do: 'end', id: this.#id });
  }

  async #follow(words: readonly string[], onWords: (said: string) => void): Promise<void> {
    const id = this.#id;
    const started = await this.#ask({ do: 'start', id, words: [...words] });
    // It may have been ended before it had begun.
    if (this.output.destroyed) return void (await this.#ask({ do: 'end', id }));
    if (!started.ok) return this.#over(started.error.message);
    let [position, known] = [0, ''];
    while (!this.output.destroyed) {
      if (!this.#hasRoom) await this.#room();
      const bytesMax = this.#hasRoom ? PIECE_BYTES_MAX : 0;
      const answer = await this.#ask({ do: 'read', id, position, bytesMax });
      if (this.output.destroyed) return;
      if (!answer.ok && PASSING.has(answer.error.code)) await this.#wait(RETRY_MS);
      else if (!answer.ok) return this.#over(answer.error.message);
      else {
        const { bytes, said, ended } = programPiece.parse(answer.value);
        if (said !== known) onWords(said);
        known = said;
        const piece = fromBase64(bytes);
        position += piece.length;
        if (piece.length > 0) this.#hasRoom = this.output.push(piece);
        if (ended !== undefined) return this.#over(ended);
      }
    }
  }

  /** Nothing more comes; what is there may still be read. */
  #over(why: string): void {
    this.#why = why;
    this.output.push(null);
    void this.#ask({ do: 'end', id: this.#id });
  }

  #ask(ask: { readonly [name: string]: Json }): ReturnType<Bus['request']> {
    const { bus, host } = this.#parts;
    return bus.request(HOSTS_SUBJECT.program, { ...named(host), ask }, READ_WAIT_MS + TRAVEL_MS);
  }

  /** Until there is room for more, or it is time to say that we are still there. */
  #room(): Promise<void> {
    return Promise.race([
      new Promise<void>((resolve) => (this.#wantMore = resolve)),
      this.#wait(KEEP_MS),
    ]);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(ms, resolve));
  }
}
