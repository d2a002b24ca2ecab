import { useApi } from '../api/use-api.ts';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { go, hrefOf } from '../shell/location.ts';
import { secondWords } from '../time/words.ts';
import { useNow } from '../time/use-now.ts';
import { ChangeList } from './change-list.tsx';

/** How a checkpoint differs from now or from another one. */
export function Comparison(props: { readonly id: string; readonly against: string }) {
  const { id, against } = props;
  const diff = useApi('checkpointDiff', { id, other: against });
  const list = useApi('checkpointList', { limit: 100 });
  const now = useNow(60_000);
  const others = (list.data?.checkpoints ?? []).filter((other) => other.id !== id);
  const isListed = against === 'now' || others.some((other) => other.id === against);
  return (
    <section className="card comparison">
      <header>
        <h2>
          <label htmlFor="against">From here to</label>
        </h2>
        <select
          id="against"
          className="field"
          value={against}
          onChange={(event) => go(hrefOf(['checkpoints', id], { against: event.target.value }))}
        >
          <option value="now">now</option>
          {!isListed && <option value={against}>{against}</option>}
          {others.map((other) => (
            <option key={other.id} value={other.id}>
              {secondWords(other.manifest.takenAt, now)} · {other.status} · {other.id.slice(0, 11)}
            </option>
          ))}
        </select>
        <button
          className="button button-bare"
          onClick={() => void diff.refetch()}
          disabled={diff.isFetching}
        >
          {diff.isFetching ? 'Comparing…' : 'Compare again'}
        </button>
      </header>
      <Shown of={diff}>
        {({ changes, notCompared }) => (
          <>
            {changes.length === 0 ? (
              <Nothing title={against === 'now' ? 'Nothing changed since' : 'No difference'}>
                {notCompared.length === 0
                  ? 'Everything is as it was.'
                  : 'Everything that could be compared is as it was.'}
              </Nothing>
            ) : (
              <ChangeList changes={changes} />
            )}
            {notCompared.length > 0 && (
              <ul className="not-compared">
                {notCompared.map(({ state, why }) => (
                  <li key={state}>
                    <b>{state}</b> was not compared: {why}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}
