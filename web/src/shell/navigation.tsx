import type { Status } from '../api/types.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { isRunning } from '../rollback/run-words.ts';
import { Link } from './link.tsx';
import type { Place } from './location.ts';
import { Who } from './who.tsx';

interface Entry {
  readonly noun: string;
  readonly label: string;
  readonly icon: IconName;
  readonly also?: readonly string[];
  readonly count?: (status: Status) => number;
}

const ENTRIES: readonly Entry[] = [
  { noun: 'timeline', label: 'Timeline', icon: 'timeline' },
  { noun: 'incidents', label: 'Incidents', icon: 'incident', count: (s) => s.incidents.length },
  { noun: 'checkpoints', label: 'Checkpoints', icon: 'checkpoint' },
  {
    noun: 'runs',
    label: 'Rollbacks',
    icon: 'rollback',
    also: ['plans'],
    count: (s) => s.runs.filter((run) => isRunning(run) || run.state === 'NEEDS_OPERATOR').length,
  },
  {
    noun: 'sources',
    label: 'Sources',
    icon: 'source',
    count: (s) => s.sources.filter((source) => source.problem !== undefined).length,
  },
];

/** The pages there are; a number says how many things want a person. */
export function Navigation(props: { readonly place: Place; readonly status: Status | undefined }) {
  const here = props.place.parts[0] ?? 'timeline';
  return (
    <nav className="navigation" aria-label="Pages">
      <Link to={['timeline']} className="brand">
        <Icon name="brand" />
        <span>lastgood</span>
      </Link>
      <ul>
        {ENTRIES.map(({ noun, label, icon, also, count }) => {
          const open = props.status === undefined ? 0 : (count?.(props.status) ?? 0);
          return (
            <li key={noun}>
              <Link to={[noun]} current={here === noun || (also?.includes(here) ?? false)}>
                <Icon name={icon} />
                <span>{label}</span>
                {open > 0 && <b className="badge">{open}</b>}
              </Link>
            </li>
          );
        })}
      </ul>
      <Who />
    </nav>
  );
}
