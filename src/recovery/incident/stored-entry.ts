import { fitsKind, type Shape } from '../../base/fits-shape.ts';
import type { IncidentEntry } from '../../model/incident/incident.ts';

const at = 'text';

const signal: Shape = {
  id: 'text',
  phase: 'text',
  trigger: 'text',
  component: 'text',
  at,
  firstBadAt: 'text',
  reason: 'text',
  actions: 'list',
};

/** What the reader of each kind of entry relies on. */
const SHAPES: Readonly<Record<IncidentEntry['kind'], Shape>> = {
  opened: { at, signal },
  signal: { at, signal },
  diagnosed: {
    at,
    diagnosis: {
      incident: { from: 'text', to: 'text' },
      suspects: 'list',
      rollback: { helps: 'text', why: 'text', checkpoint: 'text?' },
    },
  },
  acknowledged: { at, actor: 'text' },
  'run-started': { at, run: 'text' },
  'run-ended': { at, run: 'text', state: 'text', healed: 'truth' },
  'automatic-refused': { at, reasons: 'list' },
  'automatic-announced': {
    at,
    due: 'text',
    plan: 'text',
    planHash: 'text',
    target: 'text',
    components: 'list',
  },
  'automatic-called-off': { at, why: 'text' },
  'automatic-begun': { at },
  closed: { at, actor: 'text', reason: 'text' },
};

/** Whether a stored entry is one of this version; another one may have written it. */
export function isStoredEntry(entry: unknown): entry is IncidentEntry {
  return fitsKind(entry, SHAPES);
}
