import type { Signal } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { When } from '../part/when.tsx';

interface SignalListProps {
  readonly signals: readonly Signal[];
  readonly firing: readonly string[];
}

/** What fired, and whether it still does. */
export function SignalList({ signals, firing }: SignalListProps) {
  return (
    <section className="card signal-card">
      <header>
        <h2>Signals</h2>
      </header>
      <ul className="card-body signals">
        {signals.map((signal) => (
          <li key={signal.id}>
            <p>
              <b>{signal.trigger}</b> <span className="soft">{signal.component}</span>{' '}
              {firing.includes(signal.trigger) && signal.phase === 'raised' ? (
                <Label tone="bad">firing</Label>
              ) : (
                <Label tone="good" icon="check">
                  quiet
                </Label>
              )}
            </p>
            <p>{signal.reason}</p>
            <p className="fine">
              first bad <When at={signal.firstBadAt} /> · {signal.phase} <When at={signal.at} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
