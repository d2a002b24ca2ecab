import type { Source, Status } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { byteWords } from '../checkpoint/checkpoint-words.ts';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import type { Tone } from '../status/sentence.ts';
import { useNow } from '../time/use-now.ts';
import { agoWords, nanosecondWords } from '../time/words.ts';
import { CoverageCard } from './coverage-card.tsx';
import { TriggerCard } from './trigger-card.tsx';
import './source.css';

const TONES: Readonly<Record<Source['state'], Tone>> = {
  running: 'good',
  waiting: 'warn',
  failed: 'bad',
  off: 'quiet',
};

/** Where evidence comes from, how it flows, and what is wrong with its mend. */
export function SourcePage() {
  const sources = useApi('sourceList', {}, { everyMs: 3_000 });
  const status = useApi('status', {});
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Sources</h1>
          <p>What lastgood listens to and reads, and what is missing.</p>
        </div>
      </div>
      <div className="stack">
        {status.data !== undefined && <Problems problems={status.data.problems} />}
        <section className="card scroll-x">
          <Shown of={sources}>
            {(shown) =>
              shown.sources.length === 0 ? (
                <Nothing title="Nothing is listened to or read">
                  Switch a listener on under <code>listen:</code> in lastgood.yaml, or name files
                  under <code>sources:</code>, then start lastgood again.
                </Nothing>
              ) : (
                <Table sources={shown.sources} />
              )
            }
          </Shown>
        </section>
        <div className="source-columns">
          <TriggerCard />
          <CoverageCard />
          {status.data !== undefined && <Store status={status.data} />}
        </div>
      </div>
    </>
  );
}

function Problems({ problems }: { readonly problems: Status['problems'] }) {
  if (problems.length === 0) return null;
  return (
    <section className="problem tone-warn" aria-label="Problems">
      <ul className="problems">
        {problems.map(({ what, mend }) => (
          <li key={what}>
            <b>{what}</b> <span className="soft">{mend}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Table({ sources }: { readonly sources: readonly Source[] }) {
  const now = useNow(1_000);
  return (
    <table className="rows">
      <thead>
        <tr>
          <th>State</th>
          <th>Source</th>
          <th className="wide">Reads</th>
          <th className="number">Records</th>
          <th className="number">Left out</th>
          <th className="number">Rejected</th>
          <th className="number">Shed</th>
          <th className="number">Refused</th>
          <th>Last record</th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <tr key={source.id}>
            <td>
              <Label tone={TONES[source.state]}>{source.state}</Label>
            </td>
            <td className="nowrap">
              {source.id} {source.id !== source.kind && <span className="soft">{source.kind}</span>}
            </td>
            <td className="wide">
              <span className="mono">{source.target}</span>
              {source.problem !== undefined && <p className="source-problem">{source.problem}</p>}
              {source.rules.map(({ name, do: does, leftOut, example }) => (
                <p key={name} className="fine">
                  {name} ({does}): {leftOut.toLocaleString('en')} left out
                  {example !== undefined && (
                    <>
                      , newest <span className="mono">{example}</span>
                    </>
                  )}
                </p>
              ))}
            </td>
            <Count label="Records" of={source.records} />
            <Count label="Left out" of={source.leftOut} />
            <Count label="Rejected" of={source.rejects} bad />
            <Count label="Shed" of={source.shed} bad />
            <Count label="Refused" of={source.refused} bad />
            <td className="nowrap" data-label="Last record" title={source.lastRecordAt}>
              {source.lastRecordAt === undefined ? (
                <span className="soft">none yet</span>
              ) : (
                agoWords(source.lastRecordAt, now)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CountProps {
  readonly label: string;
  readonly of: number;
  readonly bad?: boolean;
}

function Count({ label, of, bad = false }: CountProps) {
  return (
    <td className={`number ${bad && of > 0 ? 'count-bad' : ''}`} data-label={label}>
      {of.toLocaleString('en')}
    </td>
  );
}

function Store({ status }: { readonly status: Status }) {
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
            <span className="soft">none seen yet</span>
          ) : (
            clocks.map(({ clock, offsetNs, boundNs, method }) => (
              <div key={clock}>
                {clock} {offsetNs === 0 ? '' : nanosecondWords(offsetNs)}
                {boundNs !== undefined && ` ± ${nanosecondWords(boundNs)}`}{' '}
                <span className="soft">{method}</span>
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
