import type { CheckpointStatus } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { STATUS_LOOK } from './checkpoint-words.ts';

interface StatusLabelProps {
  readonly status: CheckpointStatus;
  /** true: it holds nothing that could be written back, so nobody may read "restorable". */
  readonly compareOnly?: boolean;
}

/** A checkpoint's status; what it means on hover. */
export function StatusLabel({ status, compareOnly = false }: StatusLabelProps) {
  const { tone, icon, means } = STATUS_LOOK[status];
  if (compareOnly && status === 'restorable') {
    return (
      <Label tone="quiet" icon="clock" title="It tells what changed since and restores nothing">
        compare only
      </Label>
    );
  }
  return (
    <Label tone={tone} icon={icon} title={means}>
      {status}
    </Label>
  );
}
