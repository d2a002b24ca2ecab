import { useApi } from '../api/use-api.ts';
import { RunLabel } from '../rollback/run-label.tsx';
import { Link } from '../shell/link.tsx';
import { Person } from '../part/person.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { When } from '../part/when.tsx';

interface IncidentRunsProps {
  readonly runs: readonly string[];
  /** Those of its components that were not begun for it. */
  readonly beside: readonly { readonly run: string }[];
}

/** The rollbacks that tried to mend it, and others that changed what it is about meanwhile. */
export function IncidentRuns({ runs, beside }: IncidentRunsProps) {
  if (runs.length === 0 && beside.length === 0) return null;
  return (
    <section className="card incident-runs">
      <header>
        <h2>Rollbacks</h2>
      </header>
      <ul className="card-body signals">
        {runs.map((run) => (
          <IncidentRun key={run} id={run} />
        ))}
        {beside.map(({ run }) => (
          <IncidentRun key={run} id={run} isBeside />
        ))}
      </ul>
    </section>
  );
}

function IncidentRun({
  id,
  isBeside = false,
}: {
  readonly id: string;
  readonly isBeside?: boolean;
}) {
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
          {isBeside && (
            <>
              {' by '}
              <Person id={run.data.requestedBy} />, not for this incident
            </>
          )}
        </p>
      )}
    </li>
  );
}
