import type { Plan } from '../api/types.ts';
import { Icon } from '../part/icon.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { useObstacles } from './use-obstacles.ts';

/** What keeps the plan from being applied as things stand, each with the way out. */
export function InTheWay({ plan }: { readonly plan: Plan }) {
  const { others } = useObstacles(plan);
  if (others.length === 0) return null;
  return (
    <section className="problem tone-bad" aria-label="In the way">
      <Icon name="incident" />
      <div>
        <h2>In the way</h2>
        <ul className="risks">
          {others.map(({ text }) => (
            <li key={text}>
              <SentenceLinks>{text}</SentenceLinks>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** What may go wrong, and whether it needs a second person. */
export function Risks({ plan }: { readonly plan: Plan }) {
  const { risks, approval } = plan;
  if (risks.length === 0 && approval === undefined) {
    return (
      <p className="problem tone-good">
        <Icon name="check" /> No risk is known: everything in it can be undone.
      </p>
    );
  }
  return (
    <section className="problem tone-warn" aria-label="Risks">
      <Icon name="incident" />
      <div>
        <h2>Risks</h2>
        <ul className="risks">
          {risks.map((risk) => (
            <li key={risk}>
              <SentenceLinks>{risk}</SentenceLinks>
            </li>
          ))}
          {approval !== undefined && (
            <li>
              <b>A second person has to approve it</b>: {approval}
            </li>
          )}
        </ul>
      </div>
    </section>
  );
}

/** What of the present state would be gone; what is only made anew loses nothing. */
export function Losses({ plan: { lossTexts } }: { readonly plan: Plan }) {
  if (lossTexts.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>What is lost of the present state</h2>
      </header>
      <ul className="card-body losses">
        {lossTexts.map((text) => (
          <li key={text}>
            <SentenceLinks>{text}</SentenceLinks>
          </li>
        ))}
      </ul>
    </section>
  );
}
