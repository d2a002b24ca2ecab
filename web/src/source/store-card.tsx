import type { Status } from '../api/types.ts';
import { byteWords } from '../part/byte-words.ts';
import { Id } from '../part/id.tsx';
import { nanosecondWords } from '../time/words.ts';

/** What is kept of the evidence and where, and how well the clocks agree. */
export function StoreCard({ status }: { readonly status: Status }) {
  const { store, evidence, clocks, dataDirectory, keyFile, version } = status;
  return (
    <section className="card">
      <header>
        <h2>Storage</h2>
      </header>
      <dl className="facts card-body">
        <dt>Collecting</dt>
        <dd>
          {evidence.state}
          {evidence.restarts > 0 &&
            `, restarted ${evidence.restarts === 1 ? 'once' : `${evidence.restarts} times`}`}{' '}
          <span className="soft">{evidence.why}</span>
        </dd>
        {store !== undefined && (
          <>
            <dt>Records</dt>
            <dd>
              {store.records.toLocaleString('en')}{' '}
              <span className="soft">({store.hotRecords.toLocaleString('en')} not yet sealed)</span>
            </dd>
            <dt>On disk</dt>
            <dd>
              {byteWords(store.segmentBytes)} in{' '}
              {store.segments === 1 ? '1 segment' : `${store.segments} segments`},{' '}
              {byteWords(store.logBytes)} log
            </dd>
            {store.quarantined.map(({ segment, why }) => (
              <Quarantined key={segment} segment={segment} why={why} />
            ))}
          </>
        )}
        <dt>Clocks</dt>
        <dd>
          {clocks.length === 0 ? (
            <span className="soft">none related to ours: records sort by their own time</span>
          ) : (
            clocks.map(({ clock, offsetNs, boundNs, method, corrected }) => (
              <div key={clock}>
                {clock}
                <p className="fine">
                  {offsetNs === 0 ? '' : `${nanosecondWords(offsetNs)} `}
                  {boundNs !== undefined && `± ${nanosecondWords(boundNs)}, `}
                  {method}
                  {corrected ? ', corrected' : ', left as it is'}
                </p>
              </div>
            ))
          )}
        </dd>
        <dt>Directory</dt>
        <dd className="mono">{dataDirectory}</dd>
        <dt>Key</dt>
        <dd>
          <Id>{keyFile}</Id>
          <div className="fine">Keep a copy elsewhere: without it nothing can be read.</div>
        </dd>
        <dt>Version</dt>
        <dd>{version}</dd>
      </dl>
    </section>
  );
}

function Quarantined(props: { readonly segment: string; readonly why: string }) {
  return (
    <>
      <dt>Set aside</dt>
      <dd className="count-bad">
        {props.segment}: {props.why}
      </dd>
    </>
  );
}
