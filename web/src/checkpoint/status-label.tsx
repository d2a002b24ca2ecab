import type { CheckpointStatus } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { STATUS_LOOK } from './checkpoint-words.ts';

/** A checkpoint's status; what it means on hover. */
export function StatusLabel({ status }: { readonly status: CheckpointStatus }) {
  const { tone, icon, means } = STATUS_LOOK[status];
  return (
    <Label tone={tone} icon={icon} title={means}>
      {status}
    </Label>
  );
}
