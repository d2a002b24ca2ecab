import type { SecondReport } from '../customers/start-customers.ts';

/** The customers' view of the shop over the last seconds. */
export type Pulse = {
  readonly add: (report: SecondReport) => void;
  /** Orders answered with a yes per second, and the share of all that failed, 0..1. */
  readonly lately: (seconds: number) => { readonly perSecond: number; readonly failed: number };
  /** The failed share of each of the last seconds, oldest first, for a small graph. */
  readonly history: (seconds: number) => readonly number[];
  /** Whether all of the last seconds were free of failures and orders did come through. */
  readonly isHealthy: (seconds: number) => boolean;
  /** The highest failed share of any second since `at`. */
  readonly worstSince: (at: number) => number;
};

/** The tour ends within two minutes; with `--stay` older seconds are forgotten. */
const secondsMax = 600;
/** Fewer orders than this in a second at twenty offered means the shop hardly works. */
const healthyPerSecond = 15;
/** One order in a hundred may meet a connection that is being closed. */
const healthyFailed = 0.01;

/** Starts with an empty past. */
export function createPulse(): Pulse {
  const past: SecondReport[] = [];
  const lately = (seconds: number): { perSecond: number; failed: number } => {
    const reports = past.slice(-seconds);
    const good = reports.reduce((sum, report) => sum + report.acknowledged, 0);
    const bad = reports.reduce((sum, report) => sum + report.refused + report.unanswered, 0);
    const perSecond = reports.length === 0 ? 0 : good / reports.length;
    return { perSecond, failed: good + bad === 0 ? 0 : bad / (good + bad) };
  };
  return {
    add: (report) => {
      past.push(report);
      if (past.length > secondsMax) past.shift();
    },
    lately,
    history: (seconds) => past.slice(-seconds).map(failedShare),
    isHealthy: (seconds) => {
      if (past.length < seconds) return false;
      const { perSecond, failed } = lately(seconds);
      return perSecond >= healthyPerSecond && failed <= healthyFailed;
    },
    worstSince: (at) => Math.max(0, ...past.filter((report) => report.at >= at).map(failedShare)),
  };
}

function failedShare(report: SecondReport): number {
  const bad = report.refused + report.unanswered;
  return bad === 0 ? 0 : bad / (bad + report.acknowledged);
}
