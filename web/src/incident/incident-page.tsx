import { useMemo } from 'react';
import type { Incident } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { Label } from '../part/label.tsx';
import { Person } from '../part/person.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { go } from '../shell/location.ts';
import { Link } from '../shell/link.tsx';
import { useServerClock } from '../time/server-clock.ts';
import { msOf, spanWords, zoneWords } from '../time/words.ts';
import { createCursor, CursorContext } from '../timeline/cursor.ts';
import { filterOf, queryOf, timelineHref, type Filter } from '../timeline/filter.ts';
import { Overview } from '../timeline/overview.tsx';
import { AdviceCard } from './advice-card.tsx';
import { ByItself } from './by-itself.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { IncidentRuns } from './incident-runs.tsx';
import { STATE_TONES } from './incident-words.ts';
import { SignalList } from './signal-list.tsx';
import { SuspectCard } from './suspect-card.tsx';
import '../timeline/timeline.css';
import './incident.css';

/** One incident: what broke, since when, what did it, and whether going back would help. */
export function IncidentPage({ id }: { readonly id: string }) {
  const incident = useApi('incidentShow', { id }, { everyMs: 4_000 });
  return (
    <Shown of={incident}>
      {(shown) => (
        <>
          <Head incident={shown} />
          <ByItself incident={shown} />
          <BegunDuring runs={shown.duringRuns ?? []} />
          <div className="incident-columns">
            <div className="stack">
              <Suspects incident={shown} />
              <Around incident={shown} />
            </div>
            <div className="stack">
              <AdviceCard incident={shown} />
              <IncidentRuns runs={shown.runs} beside={shown.besideRuns ?? []} />
              <SignalList signals={shown.signals} firing={shown.firing} />
            </div>
          </div>
        </>
      )}
    </Shown>
  );
}

function Head({ incident }: { readonly incident: Incident }) {
  const { state, title, firstBadAt, closedAt, acknowledgedBy, closeReason } = incident;
  const lasted = closedAt === undefined ? '' : ` · lasted ${lastedWords(incident)}`;
  return (
    <div className="page-head">
      <div>
        <h1>
          <Label tone={STATE_TONES[state]}>{state}</Label> {title}
        </h1>
        <p>
          Bad since <When at={firstBadAt} age={closedAt === undefined} />
          {lasted} · times are local, {zoneWords(msOf(firstBadAt))}
          {acknowledgedBy !== undefined && (
            <>
              {' · looked after by '}
              <Person id={acknowledgedBy} />
            </>
          )}
          {closeReason !== undefined && (
            <>
              {' · closed: '}
              <SentenceLinks>{closeReason}</SentenceLinks>
            </>
          )}
        </p>
        {isQuiet(incident) && <p>Nothing of it fires any more: close it when it is over.</p>}
      </div>
      <IncidentActions incident={incident} />
    </div>
  );
}

/** Whether it waits for nothing but a person's word that it is over. */
function isQuiet({ state, firing }: Incident): boolean {
  return (state === 'open' || state === 'acknowledged') && firing.length === 0;
}

/** Trouble that began while we ourselves changed something is told before anything else. */
function BegunDuring({ runs }: { readonly runs: NonNullable<Incident['duringRuns']> }) {
  if (runs.length === 0) return null;
  return (
    <section className="problem tone-warn told-first" aria-label="Began during a rollback">
      <Icon name="rollback" />
      <div>
        <h2>It began during a rollback of ours</h2>
        {runs.map(({ run, text }) => (
          <p key={`${run} ${text}`}>
            <SentenceLinks>{text}</SentenceLinks>
          </p>
        ))}
      </div>
    </section>
  );
}

function lastedWords({ firstBadAt, closedAt }: Incident): string {
  return closedAt === undefined ? '' : spanWords(msOf(closedAt) - msOf(firstBadAt));
}

function Suspects({ incident }: { readonly incident: Incident }) {
  const { suspects } = incident;
  if (suspects.length === 0) {
    return (
      <div className="card notice suspects">
        <strong>No suspect yet</strong>
        <p>The diagnosis takes seconds, and is repeated as evidence arrives.</p>
      </div>
    );
  }
  return (
    <ol className="suspects" aria-label="Suspects">
      {suspects.map((suspect) => (
        <SuspectCard key={suspect.rank} suspect={suspect} near={incident.firstBadAt} />
      ))}
    </ol>
  );
}

/** Enough before the trouble to see what was normal. */
const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 60_000;

/** The part of the timeline around an incident. */
function Around({ incident }: { readonly incident: Incident }) {
  const { firstBadAt, closedAt } = incident;
  const clock = useServerClock();
  const cursor = useMemo(() => createCursor(), []);
  const filter = useMemo<Filter>(() => {
    const from = msOf(firstBadAt) - BEFORE_MS;
    const end = closedAt === undefined ? clock.now() : msOf(closedAt);
    const to = Math.max(end, msOf(firstBadAt) + AFTER_MS) + AFTER_MS;
    return { ...filterOf(new URLSearchParams()), range: { kind: 'fixed', from, to } };
  }, [clock, firstBadAt, closedAt]);
  const { range } = filter;
  if (range.kind !== 'fixed') return null;
  const show = (from: number, to: number): void => {
    go(timelineHref({ ...filter, range: { kind: 'fixed', from, to } }));
  };
  return (
    <section className="around">
      <div className="section-head">
        <h2>Around it</h2>
        <Link to={['timeline']} query={queryOf(filter)}>
          All records of this time
        </Link>
      </div>
      <CursorContext value={cursor}>
        <Overview
          filter={filter}
          window={range}
          onBrush={show}
          onOpen={(record) => {
            const at = msOf(record.alignedTime);
            show(at - 30_000, at + 30_000);
          }}
        />
      </CursorContext>
    </section>
  );
}
