import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';
import { REJECT_INPUT_CHARS } from '../../model/record/timeline-record.ts';
import type { Normalized, NormalizedPart } from '../../ports/normalizer.ts';

/** Gathers what a normalizer makes in the order of its input: rows, and rejects between them. */
export class NormalizedParts {
  readonly #parts: NormalizedPart[] = [];
  #builder = new RecordBatchBuilder();

  /** Where the next rows go; ask again after each reject. */
  get rows(): RecordBatchBuilder {
    return this.#builder;
  }

  reject(reason: string, input: string): void {
    this.#flush();
    const reject = { reason, input: input.slice(0, REJECT_INPUT_CHARS) };
    this.#parts.push({ kind: 'reject', reject });
  }

  /** Adds rows that were built elsewhere. */
  batch(batch: RecordBatch): void {
    this.#flush();
    if (batch.rows > 0) this.#parts.push({ kind: 'batch', batch });
  }

  done(): Normalized {
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#builder.rows === 0) return;
    this.#parts.push({ kind: 'batch', batch: this.#builder.build() });
    this.#builder = new RecordBatchBuilder();
  }
}
