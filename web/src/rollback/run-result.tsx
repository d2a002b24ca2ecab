import { useEffect, useState } from 'react';
import type { Run } from '../api/types.ts';
import { useAct } from '../api/use-api.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { Problem } from '../part/problem.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { go, hrefOf } from '../shell/location.ts';
import { dropToken, keepToken } from './confirm-token.ts';
import { ForeignItems } from './foreign-items.tsx';
import { RUN_LOOK, saysHealed } from './run-words.ts';
import { UnderWay, useRunInTheWay } from './under-way.tsx';

const TITLES: Readonly<Partial<Record<Run['state'], string>>> = {
  COMMITTED: 'The new state is kept',
  REVERTED: 'Everything is as it was before the rollback',
  ABORTED: 'Nothing was changed',
  NEEDS_OPERATOR: 'It cannot go on alone',
};

const ICONS: Readonly<Partial<Record<Run['state'], IconName>>> = {
  COMMITTED: 'check',
  REVERTED: 'rollback',
  ABORTED: 'cross',
  NEEDS_OPERATOR: 'incident',
};

/** The name of a state is written as it is, also where a sentence begins with it. */
const STATE_FIRST = /^\S+\//;

/** How a run ended, and what can be done now. */
export function RunResult({ run }: { readonly run: Run }) {
  const { state, why, healed, byHand, released } = run;
  const isLeft = released !== undefined;
  useEffect(() => {
    if (state !== 'NEEDS_OPERATOR') dropToken(run.run);
  }, [run.run, state]);
  return (
    <section
      className={`card result tone-${isLeft ? 'quiet' : RUN_LOOK[state].tone}`}
      aria-label="Result"
    >
      <h2>
        <Icon name={isLeft ? 'check' : (ICONS[state] ?? 'check')} />{' '}
        {isLeft ? 'Left as it is, nothing is locked' : (TITLES[state] ?? state)}
      </h2>
      <div className="card-body stack">
        {why !== undefined && (
          <p className={STATE_FIRST.test(why) ? undefined : 'sentence-case'}>
            <SentenceLinks>{why}</SentenceLinks>
          </p>
        )}
        {healed !== undefined && !saysHealed(why) && (
          <p>
            {healed
              ? 'The trouble is gone: every goal was green at the end.'
              : 'It did not heal the trouble: not every goal turned green.'}
          </p>
        )}
        {isLeft && (
          <p className="sentence-case">
            <SentenceLinks>{released}</SentenceLinks>
          </p>
        )}
        {state === 'NEEDS_OPERATOR' && !isLeft && <ForeignItems run={run} />}
        {!isLeft && byHand.length > 0 && (
          <div>
            <h3>To be done by hand</h3>
            <pre className="commands" tabIndex={0}>
              {byHand.join('\n')}
            </pre>
          </div>
        )}
        {state === 'COMMITTED' && <Undo run={run} />}
        {state === 'NEEDS_OPERATOR' && !isLeft && <Resume run={run} />}
      </div>
    </section>
  );
}

function Undo({ run: { run, progress } }: { readonly run: Run }) {
  const [isSure, setSure] = useState(false);
  const components = progress.map(({ component }) => component);
  const inTheWay = useRunInTheWay({ components });
  const undo = useAct('runUndo', (started) => {
    keepToken(started.run, started.token);
    go(hrefOf(['runs', started.run]));
  });
  if (inTheWay !== undefined && undo.isIdle) return <UnderWay run={inTheWay} />;
  return (
    <div className="actions">
      {undo.error !== null && <Problem error={undo.error} />}
      {isSure ? (
        <>
          <span>This starts a rollback to the state before. Sure?</span>
          <button
            className="button button-danger"
            disabled={undo.isPending}
            onClick={() => undo.mutate({ run })}
          >
            {undo.isPending ? 'Starting…' : 'Undo it'}
          </button>
          <button className="button" onClick={() => setSure(false)}>
            Leave it
          </button>
        </>
      ) : (
        <button className="button" onClick={() => setSure(true)}>
          Undo this rollback
        </button>
      )}
    </div>
  );
}

const CHOICES = [
  { choice: 'target', words: 'Plan the way on to the target' },
  { choice: 'before', words: 'Go back to before' },
  { choice: 'accept', words: 'Accept it as it is' },
] as const;

function Resume({ run: { run, unread } }: { readonly run: Run }) {
  const resume = useAct('runResume');
  // Nobody can go on with what he cannot read.
  const choices = CHOICES.filter(({ choice }) => unread === undefined || choice === 'accept');
  return (
    <div className="stack">
      <h3>{unread === undefined ? 'Or let lastgood try' : 'Once somebody has looked'}</h3>
      {resume.error !== null && <Problem error={resume.error} />}
      <div className="actions">
        {choices.map(({ choice, words }) => (
          <button
            key={choice}
            className="button"
            disabled={resume.isPending}
            onClick={() => resume.mutate({ run, choice })}
          >
            {words}
          </button>
        ))}
      </div>
    </div>
  );
}
