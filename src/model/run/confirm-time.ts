/** Within less nobody could look and answer, nor could even the gate have its rounds. */
export const CONFIRM_MS_MIN = 10_000;

/**
 * What was there before is never kept waiting longer than this after the first change, whatever is
 * configured and however often a run is given more time: who has not looked by then will not.
 */
export const CONFIRM_MS_MAX = 3_600_000;

/** As RFC 6241 has it for a confirmed commit. */
export const CONFIRM_MS = 600_000;

/** As netplan has it: who cut his own way in sits before a dead terminal for so long only. */
export const NETWORK_CONFIRM_MS = 120_000;
