import type {
  CheckpointFact,
  CheckpointId,
  CheckpointManifest,
  CheckpointStatus,
  CheckpointView,
} from '../../../model/checkpoint/checkpoint.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';

/** A manifest of one state, with whatever a test wants otherwise. */
export function manifestOf(changes: Partial<CheckpointManifest>): CheckpointManifest {
  return {
    version: 1,
    takenAt: '2026-11-21T02:00:00Z',
    reason: { kind: 'schedule' },
    stableFrom: '2026-11-21T01:59:59Z',
    stableTo: '2026-11-21T02:00:00Z',
    consistency: 'L1',
    captures: [
      {
        state: 'shop/files',
        component: 'shop',
        provider: 'files',
        providerVersion: 1,
        fingerprint: 'f',
        image: 'i' as BlobHash,
        items: 1,
        bytes: 1,
        unstable: false,
        compareOnly: false,
        coverage: { included: [], excluded: [] },
      },
    ],
    failures: [],
    verdict: 'healthy',
    samples: [],
    watermarks: [],
    ...changes,
  };
}

/** The first fact of such a checkpoint. */
export function sealedFact(
  changes: Partial<CheckpointManifest>,
): Extract<CheckpointFact, { kind: 'sealed' }> {
  const manifest = manifestOf(changes);
  return { kind: 'sealed', at: manifest.takenAt, manifest };
}

/** A checkpoint as lists show it. */
export function viewOf(
  id: string,
  status: CheckpointStatus,
  changes: Partial<CheckpointManifest> & { readonly pinned?: boolean },
): CheckpointView {
  const { pinned = false, ...manifest } = changes;
  return {
    id: id as CheckpointId,
    status,
    statusReason: '',
    pinned,
    level: '',
    claim: '',
    coverage: [],
    manifest: manifestOf(manifest),
  };
}
