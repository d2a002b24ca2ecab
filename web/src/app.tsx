import { useEffect } from 'react';
import { useApi } from './api/use-api.ts';
import { useLive } from './api/live.ts';
import { CheckpointList } from './checkpoint/checkpoint-list.tsx';
import { CheckpointPage } from './checkpoint/checkpoint-page.tsx';
import { IncidentList } from './incident/incident-list.tsx';
import { IncidentPage } from './incident/incident-page.tsx';
import { Icon } from './part/icon.tsx';
import { Problem } from './part/problem.tsx';
import { Waiting } from './part/shown.tsx';
import { PlanPage } from './rollback/plan-page.tsx';
import { RunList } from './rollback/run-list.tsx';
import { RunPage } from './rollback/run-page.tsx';
import { isRunning } from './rollback/run-words.ts';
import { usePlace, type Place } from './shell/location.ts';
import { Link } from './shell/link.tsx';
import { Navigation } from './shell/navigation.tsx';
import { pageTitle } from './shell/page-title.ts';
import { PageFault } from './shell/page-fault.tsx';
import { Outdated } from './shell/outdated.tsx';
import { SignIn } from './shell/sign-in.tsx';
import { SourcePage } from './source/source-page.tsx';
import { StatusHeader } from './status/status-header.tsx';
import { TimelinePage } from './timeline/timeline-page.tsx';
import './shell/shell.css';

/** How often the status is asked for: while a run goes on every second counts. */
const POLL_MS = { calm: 5_000, running: 1_000 } as const;

/** How often a daemon that does not answer is asked again. */
const AGAIN_MS = 3_000;

/** Asks who this is before anything else: a stranger's calls would all count as refused. */
export function App() {
  const session = useApi(
    'sessionShow',
    {},
    {
      everyMs: (seen, error) => seen === undefined && error?.status !== 401 && AGAIN_MS,
    },
  );
  if (session.data !== undefined) return <Signed />;
  if (session.error?.status === 401) return <SignIn />;
  return (
    <main className="sign-in">
      <h1>
        <Icon name="brand" /> lastgood
      </h1>
      {session.error === null ? <Waiting /> : <Problem error={session.error} />}
    </main>
  );
}

/** The frame of every page: where lastgood stands, where one can go, and the page. */
function Signed() {
  const place = usePlace();
  const liveness = useLive();
  const status = useApi(
    'status',
    {},
    {
      everyMs: (seen) => (seen?.runs.some(isRunning) === true ? POLL_MS.running : POLL_MS.calm),
    },
  );
  const path = place.parts.join('/');
  return (
    <div className="shell">
      <button className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the page
      </button>
      <Navigation place={place} status={status.data} />
      <StatusHeader
        page={pageTitle(place.parts)}
        status={status.data}
        error={status.error ?? undefined}
        liveness={liveness}
      />
      <Outdated version={status.data?.version} />
      <FromTheTop key={path} />
      <main id="main" className="page" tabIndex={-1}>
        <PageFault key={path}>
          <Page place={place} />
        </PageFault>
      </main>
    </div>
  );
}

/** Another page begins at its top. */
function FromTheTop() {
  useEffect(() => {
    // Newer browsers answer a promise here, which React would take for a clean-up.
    void window.scrollTo(0, 0);
  }, []);
  return null;
}

function Page({ place }: { readonly place: Place }) {
  const [noun, id] = place.parts;
  switch (noun) {
    case undefined:
    case 'timeline':
      return <TimelinePage query={place.query} />;
    case 'incidents':
      return id === undefined ? <IncidentList /> : <IncidentPage key={id} id={id} />;
    case 'checkpoints':
      if (id === undefined) return <CheckpointList />;
      return <CheckpointPage key={id} id={id} against={place.query.get('against') ?? 'now'} />;
    case 'plans':
      return id === undefined ? <RunList /> : <PlanPage key={id} id={id} />;
    case 'runs':
      return id === undefined ? <RunList /> : <RunPage key={id} id={id} />;
    case 'sources':
      return <SourcePage />;
    default:
      return (
        <div className="notice">
          <h1>There is no page here</h1>
          <p>
            The address names “{noun}”. Go to the <Link to={['timeline']}>timeline</Link>.
          </p>
        </div>
      );
  }
}
