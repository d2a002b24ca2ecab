import { concatBytes } from '../../../base/bytes.ts';
import { looseText } from '../../../base/text-slice.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import { sourceGap } from '../../../model/record/source-gap.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { Normalizer } from '../../../ports/normalizer.ts';
import type { SourceContext } from '../../../ports/source.ts';
import type { KmsgSourceParts } from './kmsg-parts.ts';
import { decodeKmsgPosition, encodeKmsgPosition, type KmsgPosition } from './kmsg-position.ts';
import type { KmsgSpec } from './kmsg-spec.ts';
import { MessageCutter, type CutMessage } from './message-cutter.ts';
import { UptimeClock } from './uptime-clock.ts';

/** What came after so long a silence came as it was written. */
const SILENCE_MS = 200;

/** What the kernel says once it woke; what stands before it was stamped before it slept. */
const WOKE = /;PM: (?:suspend|hibernation):? exit\b/;

/** Takes what was read of the kernel's log: what is new becomes durable, once and in its order. */
export class KmsgTaker {
  readonly #parts: KmsgSourceParts;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #sinceMs: number;
  readonly #normalizer: Normalizer;
  readonly #uptime = new UptimeClock();
  #cutter = new MessageCutter();
  #at: KmsgPosition | undefined;
  #quietSinceMs = 0;
  #problem: string | undefined;
  #gaps = 0;

  constructor(
    parts: KmsgSourceParts,
    { since }: KmsgSpec,
    context: SourceContext,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#context = context;
    this.#signal = signal;
    this.#sinceMs = since;
    this.#at = decodeKmsgPosition(context.position());
    const at = (uptimeUs: bigint) => this.#uptime.at(Number(uptimeUs));
    this.#normalizer = parts.normalizerOf(context.id, at);
  }

  /** Losses that were told. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Why the store refuses; undefined while it takes everything. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The log is read anew, from its oldest message on. */
  begin(): void {
    this.#cutter = new MessageCutter();
    this.#quietSinceMs = this.#nowMs();
  }

  /** False once the source is being stopped. */
  async take(bytes: Uint8Array): Promise<boolean> {
    const { messages, strange } = this.#cutter.push(bytes);
    for (const input of strange) {
      this.#context.reject({ reason: "no message of the kernel's log", input });
    }
    this.#hear(messages);
    const fresh = this.#fresh(messages);
    const [first] = fresh;
    const isTaken =
      first === undefined || ((await this.#tellGap(first)) && (await this.#store(fresh)));
    this.#quietSinceMs = this.#nowMs();
    return isTaken;
  }

  #hear(messages: readonly CutMessage[]): void {
    const newest = messages.at(-1);
    if (newest === undefined) return;
    const { clock } = this.#context;
    const monotonicUs = this.#parts.monotonicUs();
    const sleptMs = clock.uptimeMs() - monotonicUs / 1e3;
    const woke = messages.findLast(({ bytes }) => WOKE.test(looseText(bytes)));
    this.#uptime.hear(
      { wallNs: clock.now(), monotonicUs, sleptMs },
      Number(newest.uptimeUs),
      this.#nowMs() - this.#quietSinceMs >= SILENCE_MS,
      woke && Number(woke.uptimeUs),
    );
  }

  /** Those that are not durable yet; at the very first start those that are not too old. */
  #fresh(messages: readonly CutMessage[]): readonly CutMessage[] {
    const at = this.#at;
    if (at === undefined) {
      const ageMs = (message: CutMessage) => this.#uptime.ageMs(Number(message.uptimeUs));
      return messages.filter((message) => ageMs(message) <= this.#sinceMs);
    }
    const isSameBoot = at.boot === this.#context.clock.bootId();
    return isSameBoot ? messages.filter(({ sequence }) => sequence > at.sequence) : messages;
  }

  /** Tells once how many messages are missing before one. */
  async #tellGap({ sequence }: CutMessage): Promise<boolean> {
    const { clock, id, log } = this.#context;
    const at = this.#at;
    if (at === undefined) return true;
    const boot = clock.bootId();
    const next = at.boot === boot ? at.sequence + 1 : 0;
    const lost = sequence - next;
    if (lost <= 0) return true;
    const last = sequence - 1;
    const what = lost === 1 ? `1 message of the kernel was` : `${lost} messages of the kernel were`;
    const { resource, entity } = this.#parts;
    const gap = sourceGap(
      { source: id, resource, entity },
      {
        body: `${what} written over before anybody read them: ${next} to ${last}`,
        observedNs: clock.now(),
        attributes: {
          'telemetry.gap.records': lost,
          'telemetry.gap.from_sequence': next,
          'telemetry.gap.to_sequence': last,
        },
      },
    );
    if (!(await this.#deliver(gap, { boot, sequence: last }))) return false;
    this.#gaps += 1;
    log.warn('KernelLogGapFound', { source: id, lost });
    return true;
  }

  async #store(messages: readonly CutMessage[]): Promise<boolean> {
    const boot = this.#context.clock.bootId();
    for (const part of this.#normalizer.push(concatBytes(messages.map(({ bytes }) => bytes)))) {
      if (part.kind === 'reject') this.#context.reject(part.reject);
      else {
        const sequence = Number(part.batch.position.at(-1));
        if (!(await this.#deliver(part.batch, { boot, sequence }))) return false;
      }
    }
    return true;
  }

  /** Until it is durable or refused for good; false when the source is stopped before that. */
  async #deliver(batch: RecordBatch, at: KmsgPosition): Promise<boolean> {
    const outcome = await deliverUntilDurable(this.#context, {
      batch,
      origin: { sender: this.#context.id, position: encodeKmsgPosition(at) },
      signal: this.#signal,
      onProblem: (problem) => (this.#problem = problem),
      reject: (reject) => this.#context.reject(reject),
    });
    if (outcome === 'stopped') return false;
    this.#at = at;
    return true;
  }

  #nowMs(): number {
    return this.#parts.monotonicUs() / 1e3;
  }
}
