/** Limits of a run, each with its reason. All in milliseconds unless said. */

/**
 * What confirming the devices and the last re-read may take; devices wait this much longer, or the
 * whole of a shorter confirm deadline once more: who is in a hurry has little to commit.
 */
export const COMMIT_BUDGET_MS_MAX = 60_000;

/** How often an undo is tried before a person is needed: passing trouble passes in seconds. */
export const UNDO_TRIES_MAX = 5;

/** Between two tries of an undo or of the last re-read: 1 s, 2 s, 4 s, … of these. */
export const RETRY_PAUSE_MS = 1_000;

/** A host that does not answer is asked again at least this often; asking costs it nothing. */
export const AWAY_PAUSE_MS_MAX = 30_000;

/** Asked later than this after the last try, a host was there meanwhile: others take time, too. */
export const ABSENCE_GAP_MS = 10 * AWAY_PAUSE_MS_MAX;

/** A restarted runner is back within seconds: nobody need hear of that, and later not too often. */
export const AWAY_NOTICE_MS = { first: 20_000, every: 3_600_000 } as const;

/** A host that is away for a day does not come back by itself; its locks must not stay for ever. */
export const AWAY_MS_MAX = 24 * 3_600_000;

/** How often a device is asked to confirm, or the last re-read is tried, before it is lost. */
export const COMMIT_TRIES_MAX = 4;

/** How often a timer or a writer is let go before the run ends with a word about it. */
export const RELEASE_TRIES_MAX = 4;

/** What a rollback restarted may be red for so long; from then on that is harm, and not a start. */
export const RESTART_MS_MAX = 30_000;

/** The gate is given at least this long: a restarted service and a trigger's window need time. */
export const GATE_PATIENCE_MS_MIN = 60_000;

/** … or this many whole windows of N samples, whichever is longer; never past the deadline. */
export const GATE_WINDOWS_MAX = 10;

/** A probe that is asked more often than this measures itself. */
export const GATE_INTERVAL_MS_MIN = 200;

/** Taking P is the longest part of preparing; the others together take less than half of it. */
export const PREPARE_MS_MAX = 15 * 60_000;

/** No run lasts longer than an hour on its way there, so nobody is paused for more than two. */
export const PAUSED_MS_MAX = 2 * 3_600_000;

/** How long an act may take before the driver counts it as failed. */
export const ACT_DEADLINE_MS = {
  fence: 30_000,
  // A dozen writers one after the other, each with a command of half a minute at most by default.
  'pause-writers': 360_000,
  'resume-writers': 360_000,
  preflight: 120_000,
  sample: 30_000,
  // Whoever confirms waits for it, and is answered within half a minute.
  reach: 20_000,
  'take-before': 600_000,
  arm: 60_000,
  disarm: 60_000,
  // Whoever asks is answered within half a minute, and may ask again.
  extend: 25_000,
  'confirm-device': 60_000,
  observe: 120_000,
  apply: 300_000,
  'plan-undo': 180_000,
} as const;

/** Refused confirms that a run keeps: who guesses tokens must not fill the disk. */
export const REFUSED_CONFIRMS_MAX = 20;

/** Requests that may wait for one run; a person sends one, a script a few. */
export const EVENTS_WAITING_MAX = 64;
