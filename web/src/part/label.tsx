import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './tone.ts';

interface LabelProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word in a frame of its tone. */
export function Label({ tone, icon, title, children }: LabelProps) {
  return (
    <span className={`label tone-${tone}`} title={title}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}
