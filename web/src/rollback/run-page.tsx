import { LOOKED_WORDS } from '../../../src/api/contract/check-words.ts';
import type { Run } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../shell/link.tsx';
import { CheckList } from './check-list.tsx';
import { ConfirmBar } from './confirm-bar.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunLabel } from './run-label.tsx';
import { RunReport } from './run-report.tsx';
import { RunResult } from './run-result.tsx';
import { RunTrack } from './run-track.tsx';
import { AT_WORDS, isRunning } from './run-words.ts';
import { WordBar, WordNeeded } from './word-bar.tsx';
import './rollback.css';

/** How often a run is read while it goes on, and afterwards. */
const POLL_MS = { running: 700, ended: 10_000 } as const;

/** One rollback, live: where it stands, how long to confirm, and how it ended. */
export function RunPage({ id }: { readonly id: string }) {
  const run = useApi(
    'runShow',
    { run: id },
    {
      everyMs: (seen) => (seen !== undefined && isRunning(seen) ? POLL_MS.running : POLL_MS.ended),
    },
  );
  return (
    <Shown of={run}>
      {(shown) => (
        <>
          <Head run={shown} />
          <div className="stack">
            <RunTrack run={shown} />
            {shown.state === 'AWAITING_APPROVAL' && <WordNeeded run={shown} />}
            {shown.unread?.holdsAll === true && shown.released === undefined && <HoldsAll />}
            {!isRunning(shown) && <RunResult run={shown} />}
            {shown.outlook !== undefined && <Outlook text={shown.outlook} />}
            {shown.checks !== undefined && <CheckList checks={shown.checks} />}
            <Progress run={shown} />
            {shown.report !== undefined && <RunReport report={shown.report} />}
            {shown.unread === undefined && <RunFacts run={shown} />}
          </div>
          {shown.state === 'AWAITING_APPROVAL' && <WordBar run={shown} />}
          {isRunning(shown) && shown.state !== 'AWAITING_APPROVAL' && <ConfirmBar run={shown} />}
        </>
      )}
    </Shown>
  );
}

function Head({ run }: { readonly run: Run }) {
  return (
    <div className="page-head">
      <div>
        <h1>
          <RunLabel state={run.state} /> Rollback <Id>{run.run}</Id>
        </h1>
        <p>
          {run.unread === undefined && (
            <>
              to <Link to={['checkpoints', run.target]}>{run.target}</Link>
            </>
          )}
          {run.incident !== undefined && (
            <>
              {' for '}
              <Link to={['incidents', run.incident]}>incident {run.incident}</Link>
            </>
          )}
          {run.undoOf !== undefined && (
            <>
              {', undoing '}
              <Link to={['runs', run.undoOf]}>{run.undoOf}</Link>
            </>
          )}
        </p>
      </div>
    </div>
  );
}

/** What a decision comes to where somebody has changed what the run left. */
function Outlook({ text }: { readonly text: string }) {
  return (
    <div className="problem tone-bad" role="alert">
      <Icon name="incident" />
      <p>{text}</p>
    </div>
  );
}

function HoldsAll() {
  return (
    <p className="problem tone-bad">
      <Icon name="hold" /> It may hold any state: no other rollback can begin until somebody has
      looked.
    </p>
  );
}

/** Where each state stands; of a run that nobody can read, what it may hold. */
function Progress({ run }: { readonly run: Run }) {
  if (run.progress.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>States</h2>
      </header>
      <ul className="progress">
        {run.progress.map(({ state, at, report, readAt }) => (
          <li key={state}>
            <b>{state}</b>
            <span>
              <Label tone={AT_WORDS[at].tone}>{AT_WORDS[at].words}</Label>
            </span>
            <span>
              {report}
              {readAt !== undefined && (
                <span className="soft">
                  , {LOOKED_WORDS.state} <When at={readAt} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
