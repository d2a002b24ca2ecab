import type { IconName } from '../part/icon.tsx';
import type { Checkpoint, CheckpointStatus } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';

/** Whether evidence says that a checkpoint's state was good. */
export function isKept(status: CheckpointStatus): boolean {
  return status === 'good' || status === 'proven';
}

/** Whether a checkpoint only tells what changed: nothing in it can be written back. */
export function isCompareOnly({ manifest }: Pick<Checkpoint, 'manifest'>): boolean {
  const { captures } = manifest;
  return captures.length > 0 && captures.every(({ compareOnly }) => compareOnly);
}

/** How a status looks and what it means, in a sentence. */
export const STATUS_LOOK: Readonly<
  Record<CheckpointStatus, { readonly tone: Tone; readonly icon: IconName; readonly means: string }>
> = {
  captured: { tone: 'quiet', icon: 'clock', means: 'sealed, not yet read back' },
  restorable: { tone: 'busy', icon: 'clock', means: 'read back and whole, not yet proven by time' },
  good: { tone: 'good', icon: 'check', means: 'health held for the whole soak' },
  proven: { tone: 'good', icon: 'check', means: 'restoring it was proven to work' },
  suspect: { tone: 'warn', icon: 'question', means: 'an incident is put down to what it holds' },
  bad: { tone: 'bad', icon: 'cross', means: 'it holds what broke things' },
  unrestorable: { tone: 'bad', icon: 'cross', means: 'it could not be read back' },
};

/** Why a checkpoint was taken, in words. */
export function reasonWords(reason: Checkpoint['manifest']['reason']): string {
  switch (reason.kind) {
    case 'first':
      return 'the first';
    case 'schedule':
      return 'on schedule';
    case 'manual':
      return reason.note === undefined
        ? `by ${reason.actor}`
        : `by ${reason.actor}: ${reason.note}`;
    case 'trigger':
      return `trigger ${reason.trigger}`;
    case 'change':
      return reason.version === undefined
        ? `before a change of ${reason.component}`
        : `before ${reason.component} ${reason.version}`;
    case 'before-rollback':
      return `before rollback ${reason.run}`;
  }
}
