import type { Checkpoint } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import { byteWords } from './checkpoint-words.ts';

/** What a checkpoint holds, what it left out on purpose, and what it could not get. */
export function CaptureTable({ manifest }: { readonly manifest: Checkpoint['manifest'] }) {
  const { captures, failures } = manifest;
  return (
    <section className="card scroll-x">
      <header>
        <h2>What it holds</h2>
      </header>
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
                {coverage.excluded.length > 0 && (
                  <div className="fine">without {coverage.excluded.join(', ')}</div>
                )}
              </td>
              <td className="number">{items}</td>
              <td className="number nowrap">{byteWords(bytes)}</td>
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
