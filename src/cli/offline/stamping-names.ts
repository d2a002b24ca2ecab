import type { RecordBatch } from '../../model/record/record-batch.ts';
import { componentOf } from './row-component.ts';

/** Which clocks stamped what is told of each component. */
export class StampingNames {
  readonly #clocks = new Map<string, string[]>();

  /** The ids of the clocks by component. */
  get all(): ReadonlyMap<string, readonly string[]> {
    return this.#clocks;
  }

  /** Takes a row. Of who names no machine, the file is of one. */
  note(batch: RecordBatch, row: number): void {
    const clock = batch.dictionary[batch.clock[row] ?? 0] ?? '';
    const source = batch.dictionary[batch.source[row] ?? 0] ?? '';
    this.add(componentOf(batch, row), clock === '' ? `file:${source}` : clock);
  }

  /** Says that a clock stamped something of a component. */
  add(component: string, clock: string): void {
    const known = this.#clocks.get(component) ?? [];
    if (!known.includes(clock)) this.#clocks.set(component, [...known, clock]);
  }
}
