import type { Run } from '../api/types.ts';
import { Label } from '../part/label.tsx';
import type { Tone } from '../part/tone.ts';

type Report = NonNullable<Run['report']>;

/** A browser shows a long list slowly, and nobody reads one; the command line has all of it. */
const LISTED_MAX = 200;

const ITEMS: ReadonlyMap<number, string> = new Map([
  [0, 'nothing in it'],
  [1, 'one item'],
]);

/** What became of each item that the plan of a run looked at. */
export function RunReport({ report }: { readonly report: Report }) {
  const { changed, equal, skipped, failed } = report;
  const same = equal.reduce((sum, { items }) => sum + items, 0);
  const counts = [
    `${changed.length} changed`,
    `${same} already equal`,
    `${skipped.length} skipped`,
    `${failed.length} failed`,
  ];
  return (
    <section className="card" aria-label="Items">
      <header>
        <h2>Items</h2>
        <span className="soft">{counts.join(', ')}</span>
      </header>
      <ul className="progress">
        <Lines tone="bad" words="failed" lines={failed} />
        <Lines tone="quiet" words="skipped" lines={skipped} />
        <Lines tone="good" words="changed" lines={changed} />
        {equal.map(({ state, items }) => (
          <li key={`equal ${state}`}>
            <b>{state}</b>
            <span>
              <Label tone="quiet">already equal</Label>
            </span>
            <span>{ITEMS.get(items) ?? `${items} items`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LinesProps {
  readonly tone: Tone;
  readonly words: string;
  readonly lines: readonly {
    readonly state: string;
    readonly path: string;
    readonly why?: string;
  }[];
}

function Lines({ tone, words, lines }: LinesProps) {
  const more = lines.length - LISTED_MAX;
  return (
    <>
      {lines.slice(0, LISTED_MAX).map(({ state, path, why }) => (
        <li key={`${words} ${state} ${path}`}>
          <b>{state}</b>
          <span>
            <Label tone={tone}>{words}</Label>
          </span>
          <span>
            <span className="mono">{path}</span> {why}
          </span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <b />
          <span />
          <span className="soft">
            and {more} more {words}
          </span>
        </li>
      )}
    </>
  );
}
