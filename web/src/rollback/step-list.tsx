import type { Plan } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { spanWords } from '../time/words.ts';

/** Nothing comes after the only batch. */
const UNWATCHED = { soakMs: 0, jitterMs: 0 } as const;

/** The steps in their order, by batch, each with what it writes or runs. */
export function StepList({ plan }: { readonly plan: Plan }) {
  const { steps, batches = [] } = plan;
  const whole = [{ components: plan.components, steps: steps.map(({ id }) => id), ...UNWATCHED }];
  const parts = batches.length > 1 ? batches : whole;
  return (
    <section className="card">
      <header>
        <h2>Steps</h2>
        <span className="soft">{steps.length === 1 ? 'one step' : `${steps.length} steps`}</span>
      </header>
      {parts.map((batch, at) => {
        const own = new Set(batch.steps);
        return (
          <div key={batch.steps[0]}>
            {parts.length > 1 && <BatchHead batch={batch} number={at + 1} of={parts.length} />}
            <ol className="steps">
              {steps
                .filter(({ id }) => own.has(id))
                .map((step) => (
                  <Step key={step.id} step={step} />
                ))}
            </ol>
          </div>
        );
      })}
    </section>
  );
}

interface BatchHeadProps {
  readonly batch: NonNullable<Plan['batches']>[number];
  readonly number: number;
  readonly of: number;
}

/** What is changed together, and how long it is watched before the next. */
function BatchHead({ batch, number, of }: BatchHeadProps) {
  return (
    <p className="batch">
      <b>
        Batch {number} of {of}
      </b>
      : {batch.components.join(', ')}
      {number < of && (
        <span className="soft"> · then its checks must hold for {watchWords(batch)}</span>
      )}
    </p>
  );
}

/** `10 s`, or `10 to 15 s` where the jitter draws it for each run. */
function watchWords({ soakMs, jitterMs }: BatchHeadProps['batch']): string {
  if (jitterMs === 0) return spanWords(soakMs);
  const most = soakMs + jitterMs;
  const isShort = most < 90_000;
  return isShort
    ? `${soakMs / 1000} to ${most / 1000} s`
    : `${spanWords(soakMs)} to ${spanWords(most)}`;
}

function Step({ step }: { readonly step: Plan['steps'][number] }) {
  const { id, state, disruption, commands, paths } = step;
  return (
    <li>
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
  );
}

function Disruption({ of }: { readonly of: Plan['steps'][number]['disruption'] }) {
  if (of === 'none') return null;
  const grave = of === 'reboot' || of === 'data-loss';
  return <Label tone={grave ? 'bad' : 'warn'}>{of}</Label>;
}
