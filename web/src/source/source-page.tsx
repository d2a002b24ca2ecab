import type { Source, Status } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Label } from '../part/label.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import type { Tone } from '../part/tone.ts';
import { useNow } from '../time/use-now.ts';
import { agoWords } from '../time/words.ts';
import { CoverageCard } from './coverage-card.tsx';
import { DependencyCard } from './dependency-card.tsx';
import { StoreCard } from './store-card.tsx';
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
                  under <code>sources:</code>; SIGHUP takes both over.
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
          <DependencyCard />
          {status.data !== undefined && <StoreCard status={status.data} />}
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
            <p className="sentence-case">
              <b>{what}</b>
            </p>
            <p className="soft sentence-case">{mend}</p>
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
