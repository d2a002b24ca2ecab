import type { Finding } from '../../api/contract.ts';
import { TRUE_TIME, type ClockOffset } from '../../model/evidence/clock-offset.ts';

/** NTP keeps a clock within some tens of milliseconds, over the internet too. */
const SYNCHRONIZED_NS = 100e6;

/** Clocks told at most; beyond that it is not a clock that is wrong. */
const CLOCKS_TOLD = 20;

/** The clocks that surely are off, or contradict themselves; what may be right is not told. */
export function examineClocks(clocks: readonly ClockOffset[]): readonly Finding[] {
  return clocks
    .filter(isWrong)
    .slice(0, CLOCKS_TOLD)
    .map((one): Finding => {
      const { clock: subject, offsetNs, method } = one;
      if (method === 'inconsistent') {
        const seen =
          'what relates it to other clocks contradicts itself; nothing is corrected by it';
        return { area: 'clock', subject, ok: false, seen, mend: `look at ${explain(subject)}` };
      }
      if (subject === TRUE_TIME) {
        const how = offsetNs < 0 ? 'ahead of' : 'behind';
        const seen = `ours is ${(Math.abs(offsetNs) / 1e9).toFixed(3)} s ${how} what NTP says`;
        return { area: 'clock', subject, ok: false, seen, mend: 'let chrony or ntpd set ours' };
      }
      const side = offsetNs < 0 ? 'behind' : 'ahead of';
      const seen = `${(Math.abs(offsetNs) / 1e9).toFixed(3)} s ${side} ours; corrected`;
      const mend =
        method === 'zone'
          ? 'let it send UTC, or its zone with each stamp'
          : `synchronize it (chrony, ntp); how it is known: ${explain(subject)}`;
      return { area: 'clock', subject, ok: false, seen, mend };
    });
}

function isWrong({ offsetNs, corrected, method }: ClockOffset): boolean {
  return method === 'inconsistent' || (corrected && Math.abs(offsetNs) > SYNCHRONIZED_NS);
}

function explain(clock: string): string {
  return `lastgood clocks --explain ${clock.replace(/^\w+:/, '')}`;
}
