import type { IncidentBrief } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../shell/link.tsx';
import { useNow } from '../time/use-now.ts';
import { msOf, spanWords } from '../time/words.ts';
import { STATE_TONES } from './incident-words.ts';
import './incident.css';

/** Incidents, newest first. */
export function IncidentList() {
  const list = useApi('incidentList', {}, { everyMs: 5_000 });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Incidents</h1>
          <p>Opened by triggers, with what most likely did it and whether going back would help.</p>
        </div>
      </div>
      <section className="card scroll-x">
        <Shown of={list}>
          {({ incidents }) =>
            incidents.length === 0 ? <NoIncident /> : <Table incidents={incidents} />
          }
        </Shown>
      </section>
    </>
  );
}

/** Peace, or nobody who would notice: these must not look alike. */
function NoIncident() {
  const triggers = useApi('triggerList', {}, { everyMs: 30_000 });
  if (triggers.data === undefined) return <Nothing title="No incident" />;
  const count = triggers.data.triggers.length;
  if (count === 0) {
    return (
      <Nothing title="No incident, and nothing that would open one">
        Add a trigger under <code>triggers:</code> in lastgood.yaml, or send alerts of Alertmanager,
        Grafana or Nagios here.
      </Nothing>
    );
  }
  return (
    <Nothing title="No incident">
      {count === 1 ? 'One trigger watches' : `${count} triggers watch`}.{' '}
      <Link to={['sources']}>See what they see now</Link>
    </Nothing>
  );
}

function Table({ incidents }: { readonly incidents: readonly IncidentBrief[] }) {
  const now = useNow(1_000);
  return (
    <table className="rows">
      <thead>
        <tr>
          <th>State</th>
          <th className="wide">What</th>
          <th>Components</th>
          <th>Since</th>
          <th className="number">Lasted</th>
          <th>Incident</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map(({ id, state, title, components, firing, firstBadAt, closedAt }) => (
          <tr key={id}>
            <td>
              <Label tone={STATE_TONES[state]}>{state}</Label>
            </td>
            <td className="wide">
              <Link to={['incidents', id]}>{title}</Link>
              {state !== 'closed' && firing.length === 0 && (
                <span className="soft"> · nothing fires any more</span>
              )}
            </td>
            <td data-label="Components">{components.join(', ')}</td>
            <td className="nowrap" data-label="Since">
              <When at={firstBadAt} />
            </td>
            <td className="number nowrap" data-label="Lasted">
              {spanWords((closedAt === undefined ? now : msOf(closedAt)) - msOf(firstBadAt))}
            </td>
            <td className="nowrap">
              <Id to={['incidents', id]} short={14}>
                {id}
              </Id>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
