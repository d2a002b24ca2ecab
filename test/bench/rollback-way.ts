import { member } from '../place/real-daemon.ts';

/** What a rollback is made of, in its order; medians of parts need not add up to that of all. */
export const PHASES = [
  { part: 'look', words: 'fence and preflight' },
  { part: 'before', words: 'P captured, checks asked' },
  { part: 'arm', words: 'P sealed and read back, armed' },
  { part: 'apply', words: 'changed and read again' },
  { part: 'gate', words: "the gate's own window" },
  { part: 'commit', words: 'last look, timers let go' },
] as const;

/** How one rollback went. */
export interface Way {
  /** From the decision to the proof. */
  readonly ms: number;
  readonly parts: Readonly<Record<(typeof PHASES)[number]['part'], number>>;
}

/** Where the time went, by the run's own journal and the checkpoint taken before it. */
export function wayOf(history: readonly unknown[], before: readonly unknown[]): Way {
  const at = (name: string): number =>
    Date.parse(
      String(
        member(
          history.find((one) => member(one, 'state') === name),
          'at',
        ),
      ),
    );
  const [from = Number.NaN, taken = Number.NaN] = before.map((time) => Date.parse(String(time)));
  return {
    ms: at('COMMITTED') - at('PLANNED'),
    parts: {
      look: from - at('PLANNED'),
      before: taken - from,
      arm: at('APPLYING') - taken,
      apply: at('VERIFYING') - at('APPLYING'),
      gate: at('COMMITTING') - at('VERIFYING'),
      commit: at('COMMITTED') - at('COMMITTING'),
    },
  };
}
