import type { Checkpoint } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { byteWords } from '../part/byte-words.ts';

/** One reason is read at once; a host has ten of them, each a sentence. */
const REASONS_OPEN_MAX = 1;

/** What a checkpoint holds, what it left out on purpose, and what it could not get. */
export function CaptureTable(props: Pick<Checkpoint, 'manifest' | 'coverage'>) {
  const { manifest, coverage: sentences } = props;
  const { captures, failures } = manifest;
  const everywhere = leftOutEverywhere(captures);
  return (
    <section className="card scroll-x">
      <header>
        <h2>What it holds</h2>
      </header>
      <ul className="card-body coverage-words">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {everywhere.map((reason) => (
          <li key={reason} className="fine">
            each without {reason}
          </li>
        ))}
      </ul>
      <table className="rows">
        <thead>
          <tr>
            <th>State</th>
            <th className="wide">Covers</th>
            <th className="number">Items</th>
            <th className="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {captures.map(({ state, items, bytes, unstable, compareOnly, coverage }) => (
            <tr key={state}>
              <td>
                {state}{' '}
                {compareOnly && (
                  <Label tone="quiet" title="It may be compared, not restored">
                    compare only
                  </Label>
                )}{' '}
                {unstable && (
                  <Label tone="warn" title="It changed while it was captured, also after retries">
                    unstable
                  </Label>
                )}
              </td>
              <td className="wide">
                {coverage.included.join(', ')}
                <LeftOut
                  reasons={coverage.excluded.filter((reason) => !everywhere.includes(reason))}
                />
              </td>
              <td className="number" data-label="Items">
                {items.toLocaleString('en')}
              </td>
              <td className="number nowrap" data-label="Size">
                {byteWords(bytes)}
              </td>
            </tr>
          ))}
          {failures.map(({ state, why }) => (
            <tr key={state}>
              <td>
                {state} <Label tone="bad">missing</Label>
              </td>
              <td className="wide" colSpan={3}>
                {why}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What every capture leaves out is said once, not in each row. */
function leftOutEverywhere(captures: Checkpoint['manifest']['captures']): readonly string[] {
  const [first, ...others] = captures;
  if (first === undefined || others.length === 0) return [];
  return first.coverage.excluded.filter((reason) =>
    others.every(({ coverage }) => coverage.excluded.includes(reason)),
  );
}

/** What a capture leaves out, and why. */
function LeftOut({ reasons }: { readonly reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  if (reasons.length <= REASONS_OPEN_MAX) {
    return <div className="fine">without {reasons.join(', ')}</div>;
  }
  return (
    <details className="fine left-out">
      <summary>{reasons.length} things are left out, each with its reason</summary>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}
