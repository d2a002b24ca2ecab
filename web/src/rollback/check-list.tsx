import type { Run } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { When } from '../part/when.tsx';
import { COLOR_LOOK, ROLE_WORDS, worstFirst } from './check-words.ts';

type Check = NonNullable<Run['checks']>[number];

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
            <b>{nameOf(component, check)}</b>
            <span>
              <Label tone={COLOR_LOOK[color].tone}>{COLOR_LOOK[color].words}</Label>
            </span>
            <span>
              {seen}
              <span className="soft">
                {' · '}
                {ROLE_WORDS[role]}
                {at !== undefined && (
                  <>
                    {', asked '}
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

/** The name of a health check begins with its component; that of a trigger does not. */
function nameOf(component: string, check: string): string {
  return check.startsWith(`${component}:`) ? check : `${component}: ${check}`;
}
