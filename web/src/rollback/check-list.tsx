import {
  checkName,
  COLOR_WORDS,
  LOOKED_WORDS,
  ROLE_WORDS,
  worstFirst,
} from '../../../src/api/contract/check-words.ts';
import type { Run } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import type { Tone } from '../part/tone.ts';
import { When } from '../part/when.tsx';

type Check = NonNullable<Run['checks']>[number];

const TONES: Readonly<Record<Check['color'], Tone>> = {
  red: 'bad',
  unknown: 'warn',
  green: 'good',
};

/** Every check of what is touched as it was asked last: what to look at before deciding. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <section className="card" aria-label="Checks now">
      <header>
        <h2>Checks now</h2>
      </header>
      <ul className="progress">
        {worstFirst(checks).map(({ role, check, component, color, seen, at }) => (
          <li key={`${role} ${component} ${check}`}>
            <b>{checkName({ component, check })}</b>
            <span>
              <Label tone={TONES[color]}>{COLOR_WORDS[color]}</Label>
            </span>
            <span>
              {seen}
              <span className="soft">
                {' · '}
                {ROLE_WORDS[role]}
                {at !== undefined && (
                  <>
                    {`, ${LOOKED_WORDS.check} `}
                    <When at={at} />
                  </>
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
