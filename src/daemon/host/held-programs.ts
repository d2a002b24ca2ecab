import { concatBytes, toBase64 } from '../../base/bytes.ts';
import type { Json } from '../../base/canonical-json.ts';
import type { LastgoodError } from '../../base/error.ts';
import { startPipedProgram, type PipedProgram } from '../../base/piped-program.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { programAsk, READ_WAIT_MS, type ProgramAsk } from './program-messages.ts';

/** A source runs one; more than all sources of a host together is a mistake. */
const PROGRAMS_MAX = 64;

/** Output that waits to be read; then the program waits, as at a full pipe. */
const HELD_BYTES_MAX = 1024 * 1024;

/** Who reads says so at least every few seconds; who has not for this long is gone. */
const IDLE_MS = 60_000;

/** The programs that a host runner runs for one core, for as long as both live. */
export class HeldPrograms {
  readonly #clock: Clock;
  readonly #refuse: (words: readonly string[]) => LastgoodError | undefined;
  readonly #held = new Map<string, HeldProgram>();

  constructor(clock: Clock, refuse: (words: readonly string[]) => LastgoodError | undefined) {
    this.#clock = clock;
    this.#refuse = refuse;
  }

  async answer(payload: Json): Promise<Result<Json>> {
    const parsed = programAsk.safeParse(payload);
    if (!parsed.success) return err(lgError('LG_RUNTIME_USAGE', 'nothing a program can do'));
    const ask = parsed.data;
    if (ask.do === 'start') return this.#start(ask);
    const program = this.#held.get(ask.id);
    if (ask.do === 'end') {
      program?.end();
      return ok(null);
    }
    if (program !== undefined) return program.read(ask.position, ask.bytesMax);
    // Of an earlier connection, or of a reader that was taken for gone.
    return ok({ bytes: '', said: '', ended: 'its host runner ended it' });
  }

  /** Ends all of them. Idempotent. */
  stop(): void {
    for (const program of this.#held.values()) program.end();
  }

  #start({ id, words }: Extract<ProgramAsk, { do: 'start' }>): Result<Json> {
    const refusal = this.#refuse(words);
    if (refusal !== undefined) return err(refusal);
    if (this.#held.has(id) || this.#held.size >= PROGRAMS_MAX) {
      const why = `program ${id}: ${this.#held.size} run already, at most ${PROGRAMS_MAX}`;
      return err(lgError('LG_RUNTIME_USAGE', why));
    }
    const program = new HeldProgram(words, this.#clock, () => void this.#held.delete(id));
    this.#held.set(id, program);
    return ok(null);
  }
}

/** One program, and what it wrote that its reader has not acknowledged. */
class HeldProgram {
  readonly #program: PipedProgram;
  readonly #clock: Clock;
  readonly #forget: () => void;
  /** What is held, and the place of its first byte in all that was written. */
  #held = new Uint8Array();
  #from = 0;
  #said = '';
  #ended: string | undefined;
  #wake: () => void = () => undefined;
  #stopIdling: () => void = () => undefined;

  constructor(words: readonly string[], clock: Clock, forget: () => void) {
    this.#clock = clock;
    this.#forget = forget;
    this.#program = startPipedProgram(words, (said) => {
      this.#said = said;
      this.#wake();
    });
    const { output, ended } = this.#program;
    output.on('data', (piece: Uint8Array) => {
      this.#held = concatBytes([this.#held, piece]);
      if (this.#held.length >= HELD_BYTES_MAX) output.pause();
      this.#wake();
    });
    void ended.then((why) => {
      this.#ended = why;
      this.#wake();
    });
    this.#idle();
  }

  /** Answers at once what is there, else after a while or once there is something. */
  async read(position: number, bytesMax: number): Promise<Result<Json>> {
    this.#idle();
    const gone = position - this.#from;
    if (gone < 0 || gone > this.#held.length) {
      const range = `${this.#from} to ${this.#from + this.#held.length}`;
      return err(lgError('LG_RUNTIME_USAGE', `position ${position} is not within ${range}`));
    }
    this.#held = this.#held.slice(gone);
    this.#from = position;
    if (this.#held.length < HELD_BYTES_MAX) this.#program.output.resume();
    if (bytesMax > 0 && this.#held.length === 0 && this.#ended === undefined) {
      await this.#wait();
    }
    const bytes = this.#held.subarray(0, bytesMax);
    const isAll = this.#ended !== undefined && this.#held.length === 0;
    const ended = isAll ? { ended: this.#ended ?? '' } : {};
    return ok({ bytes: toBase64(bytes), said: this.#said, ...ended });
  }

  end(): void {
    this.#stopIdling();
    this.#program.end();
    this.#forget();
    this.#wake();
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#wake = () => undefined;
        resolve();
      };
      const cancel = this.#clock.after(READ_WAIT_MS, done);
      this.#wake = done;
    });
  }

  #idle(): void {
    this.#stopIdling();
    this.#stopIdling = this.#clock.after(IDLE_MS, () => this.end());
  }
}
