import { useApi } from '../api/use-api.ts';
import { RunLabel } from '../rollback/run-label.tsx';
import { Link } from '../shell/link.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { When } from '../part/when.tsx';

/** The rollbacks that tried to mend it. */
export function IncidentRuns({ runs }: { readonly runs: readonly string[] }) {
  if (runs.length === 0) return null;
  return (
    <section className="card incident-runs">
      <header>
        <h2>Rollbacks</h2>
      </header>
      <ul className="card-body signals">
        {runs.map((run) => (
          <IncidentRun key={run} id={run} />
        ))}
      </ul>
    </section>
  );
}

function IncidentRun({ id }: { readonly id: string }) {
  const run = useApi('runShow', { run: id }, { everyMs: 4_000 });
  return (
    <li>
      <p>
        <Link to={['runs', id]}>{id}</Link>{' '}
        {run.data !== undefined && <RunLabel state={run.data.state} />}
      </p>
      {run.data?.why !== undefined && (
        <p>
          <SentenceLinks>{run.data.why}</SentenceLinks>
        </p>
      )}
      {run.data !== undefined && (
        <p className="fine">
          started <When at={run.data.startedAt} age />
        </p>
      )}
    </li>
  );
}
