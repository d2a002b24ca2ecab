import type { PlanState } from './plan-input.ts';

/** A state that differs but cannot be restored is named, never touched. */
export function whyLeft({
  capture,
  capabilities,
}: Pick<PlanState, 'capture' | 'capabilities'>): string | undefined {
  if (capture.compareOnly) return 'it may only be compared';
  if (capture.unstable) return 'it changed while it was captured';
  if (!capabilities.restorable) {
    return capabilities.notRestorableBecause ?? 'it cannot be restored here';
  }
  return undefined;
}
