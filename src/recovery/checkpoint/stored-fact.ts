import { fitsKind, type Shape } from '../../base/fits-shape.ts';
import type { CheckpointFact } from '../../model/checkpoint/checkpoint.ts';

const at = 'text';

/** What the reader of each kind of fact relies on. */
const SHAPES: Readonly<Record<CheckpointFact['kind'], Shape>> = {
  sealed: {
    at,
    manifest: {
      takenAt: 'text',
      stableFrom: 'text',
      stableTo: 'text',
      reason: { kind: 'text' },
      captures: 'list',
      failures: 'list',
      verdict: 'text',
      samples: 'list',
      watermarks: 'list',
    },
  },
  'read-back': { at, ok: 'truth', why: 'text' },
  'soak-sample': { at, verdict: 'text' },
  'soak-ended': { at, healthy: 'truth', why: 'text' },
  incident: { at, incident: 'text', hash: 'text' },
  'incident-cleared': { at, incident: 'text' },
  restored: { at, run: 'text', healed: 'truth' },
  'bad-candidate': { at, run: 'text', why: 'text' },
  pinned: { at, actor: 'text', reason: 'text' },
  unpinned: { at, actor: 'text' },
  forgotten: { at, actor: 'text' },
};

/** Whether a stored entry is a fact of this version; another one may have written it. */
export function isStoredFact(entry: unknown): entry is CheckpointFact {
  return fitsKind(entry, SHAPES);
}
