import { sha256 } from '../../../base/hash.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import type { Signal } from '../../../model/incident/signal.ts';
import type { TriggerRule } from '../../../model/incident/trigger.ts';

/** What a watch tells when it fires or clears. */
export interface WatchTurn {
  readonly phase: Signal['phase'];
  readonly rule: TriggerRule;
  readonly component: string;
  readonly firstBadNs: bigint;
  readonly value: number;
  readonly limit: number;
  readonly reason: string;
}

/** Collects the signals of one call; all of them happened "now". */
export class SignalSink {
  readonly nowNs: bigint;
  readonly signals: Signal[] = [];

  constructor(nowNs: bigint) {
    this.nowNs = nowNs;
  }

  /** Makes the signal; its id is a hash of what it says, so a replay gives the same one. */
  turn(turn: WatchTurn): void {
    const at = toRfc3339(timeNs(this.nowNs));
    const name = `${turn.rule.name}\n${turn.component}\n${at}\n${turn.phase}`;
    this.signals.push({
      id: `sig_${sha256(name).slice(0, 24)}`,
      phase: turn.phase,
      trigger: turn.rule.name,
      component: turn.component,
      at,
      firstBadAt: toRfc3339(timeNs(turn.firstBadNs)),
      value: turn.value,
      limit: turn.limit,
      reason: turn.reason,
      actions: turn.rule.actions,
    });
  }
}
