import type { Suspect } from '../api/types.ts';
import { Label } from '../part/label.tsx';

interface OrderChipProps {
  readonly order: NonNullable<Suspect['order']>;
}

/** Whether a suspect came before the rest, as far as clocks tell; its title says how far. */
export function OrderChip({ order: { word, text } }: OrderChipProps) {
  return (
    <Label tone={word === 'cannot tell' ? 'warn' : 'quiet'} icon="clock" title={text}>
      {word === 'cannot tell' ? 'cannot tell which came first' : word}
      <span className="unseen">: {text}</span>
    </Label>
  );
}
