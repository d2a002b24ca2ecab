import type { Trigger } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Label } from '../part/label.tsx';
import { Nothing } from '../part/nothing.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import type { Tone } from '../part/tone.ts';

const TONES: Readonly<Record<Trigger['state'], Tone>> = {
  quiet: 'good',
  pending: 'warn',
  firing: 'bad',
  'no-data': 'quiet',
};

/** Each trigger, what it sees now and what it waits for. */
export function TriggerCard() {
  const triggers = useApi('triggerList', {}, { everyMs: 3_000 });
  return (
    <section className="card">
      <header>
        <h2>Triggers</h2>
      </header>
      <Shown of={triggers}>
        {(shown) =>
          shown.triggers.length === 0 ? (
            <Nothing title="No trigger">
              Without one no incident opens by itself. Add one under <code>triggers:</code> in
              lastgood.yaml.
            </Nothing>
          ) : (
            <ul className="card-body trigger-list">
              {shown.triggers.map((trigger) => (
                <li key={`${trigger.name} ${trigger.component}`}>
                  <Label tone={TONES[trigger.state]}>{trigger.state.replace('-', ' ')}</Label>
                  <div>
                    <b>{trigger.name}</b> <span className="soft">{trigger.component}</span>
                    <p className="soft">
                      <SentenceLinks>{explained(trigger)}</SentenceLinks>
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

/** The explanation without the state that stands beside it already. */
function explained({ state, explanation }: Trigger): string {
  const lead = `${state}: `;
  return explanation.startsWith(lead) ? explanation.slice(lead.length) : explanation;
}
