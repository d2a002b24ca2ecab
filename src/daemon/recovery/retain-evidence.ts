import type { Core } from '../core.ts';

/**
 * Tells the evidence plane what stays as of now and what else may go. Called on a timer, and when a
 * checkpoint is pinned, whose evidence may be about to go.
 */
export async function retainEvidence(core: Core): Promise<void> {
  const retained = await core.evidence.retain(core.evidencePolicy());
  if (!retained.ok) core.log.warn('EvidenceRetainedError', { code: retained.error.code });
}
