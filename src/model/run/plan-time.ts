/** A plan is looked at and applied within minutes; older ones describe another world. */
export const PLAN_VALID_MS = 15 * 60_000;
