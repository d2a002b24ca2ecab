import type { ApiError } from '../api/api-error.ts';
import type { Liveness } from '../api/live.ts';
import type { Status } from '../api/types.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { usePersonWords } from '../part/person.tsx';
import { Link } from '../shell/link.tsx';
import { useNow } from '../time/use-now.ts';
import { ComponentChips } from './component-chips.tsx';
import type { Tone } from '../part/tone.ts';
import { sentenceOf, type Sentence } from './sentence.ts';
import './status.css';

interface StatusHeaderProps {
  /** The page it stands above. */
  readonly page: string;
  readonly status: Status | undefined;
  readonly error: ApiError | undefined;
  readonly liveness: Liveness;
}

const ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warn: 'clock',
  bad: 'incident',
  busy: 'rollback',
  quiet: 'question',
};

/** One sentence that says how things stand, the components, and whether this page is fresh. */
export function StatusHeader({ page, status, error, liveness }: StatusHeaderProps) {
  const now = useNow(1_000);
  const sentence = standing(useNamed(status), error, now);
  const words = (
    <>
      <Icon name={ICONS[sentence.tone]} />
      <span className="sentence-words">
        <strong>{sentence.lead}</strong>
        {sentence.rest !== '' && <span className="sentence-rest">{sentence.rest}</span>}
      </span>
    </>
  );
  return (
    <header className={`status tone-${sentence.tone}`}>
      <title>{`${page} · ${sentence.lead} · lastgood`}</title>
      <p className="sentence" role="status">
        {sentence.to === undefined ? (
          <span className="sentence-link">{words}</span>
        ) : (
          <Link to={sentence.to} className="sentence-link">
            {words}
            <Icon name="chevron" />
          </Link>
        )}
      </p>
      <div className="status-side">
        <ComponentChips status={status} now={now} />
        <Connection liveness={liveness} broken={error?.status === 0} />
      </div>
    </header>
  );
}

/** Who holds lastgood still, by name: within a link there is no room for more. */
function useNamed(status: Status | undefined): Status | undefined {
  const holder = status?.hold.by;
  const by = usePersonWords(holder ?? '');
  if (status === undefined || holder === undefined) return status;
  return { ...status, hold: { ...status.hold, by } };
}

function standing(status: Status | undefined, error: ApiError | undefined, now: number): Sentence {
  if (error !== undefined) {
    const lead = error.status === 0 ? 'The daemon does not answer' : error.message;
    const rest = status === undefined ? error.hint : `${error.hint} What follows is old.`;
    return { tone: 'bad', lead, rest };
  }
  if (status === undefined) return { tone: 'quiet', lead: 'Asking the daemon', rest: '' };
  return sentenceOf(status, now);
}

function Connection(props: { readonly liveness: Liveness; readonly broken: boolean }) {
  const [state, words] = props.broken
    ? ['offline', 'No connection to the daemon']
    : props.liveness === 'live'
      ? ['live', 'Told by the daemon as it happens']
      : ['polling', 'Asking the daemon every few seconds'];
  return (
    <span className={`connection connection-${state}`} title={words}>
      <i aria-hidden="true" />
      {state}
    </span>
  );
}
