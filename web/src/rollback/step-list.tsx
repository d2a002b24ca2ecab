import type { Plan } from '../api/types.ts';
import { Label } from '../part/label.tsx';

/** The steps in their order, each with what it writes or runs. */
export function StepList({ steps }: { readonly steps: Plan['steps'] }) {
  return (
    <section className="card">
      <header>
        <h2>Steps</h2>
        <span className="soft">{steps.length === 1 ? 'one step' : `${steps.length} steps`}</span>
      </header>
      <ol className="steps">
        {steps.map(({ id, state, disruption, commands, paths }) => (
          <li key={id}>
            <span className="step-number">{id}</span>
            <div>
              <p>
                <b>{state}</b> <Disruption of={disruption} />
              </p>
              {commands.length > 0 ? (
                <pre className="commands" tabIndex={0}>
                  {commands.join('\n')}
                </pre>
              ) : (
                <p className="mono soft">{paths.join('\n')}</p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Disruption({ of }: { readonly of: Plan['steps'][number]['disruption'] }) {
  if (of === 'none') return null;
  const grave = of === 'reboot' || of === 'data-loss';
  return <Label tone={grave ? 'bad' : 'warn'}>{of}</Label>;
}
