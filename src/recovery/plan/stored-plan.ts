import { fitsShape, type Shape } from '../../base/fits-shape.ts';
import type { Plan } from '../../model/run/plan.ts';

/** What looking at a plan and starting it rely on. */
const SHAPE: Shape = {
  id: 'text',
  planHash: 'text',
  createdAt: 'text',
  expiresAt: 'text',
  requestedBy: 'text',
  reason: 'text',
  incident: 'text?',
  undoOf: 'text?',
  content: {
    target: 'text',
    components: 'list',
    steps: 'list',
    changes: 'list',
    observed: {},
    risks: 'list',
    checks: 'list',
    gate: { samples: 'number', intervalMs: 'number' },
    confirmTimeoutMs: 'number',
    onSilence: 'text',
    approval: 'text?',
  },
};

/** Whether a stored entry is a plan of this version; another one may have written it. */
export function isStoredPlan(entry: unknown): entry is Plan {
  return fitsShape(entry, SHAPE);
}
