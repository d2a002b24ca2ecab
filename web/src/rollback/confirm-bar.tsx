import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { apiErrorOf, type ApiError } from '../api/api-error.ts';
import { useCall } from '../api/call.ts';
import type { Run } from '../api/types.ts';
import { useAct } from '../api/use-api.ts';
import { Problem } from '../part/problem.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { useNow } from '../time/use-now.ts';
import { leftWords, msOf } from '../time/words.ts';
import { tokenOf } from './confirm-token.ts';
import { MoreTime } from './more-time.tsx';
import { canCancel, silenceWords } from './run-words.ts';

/** The foot of a run that goes on: how long there is, and more; keep the new state, or go back. */
export function ConfirmBar({ run }: { readonly run: Run }) {
  const cancel = useAct('runCancel');
  const confirm = useConfirm(run.run);
  const [typed, setTyped] = useState('');
  const kept = tokenOf(run.run);
  const token = kept ?? typed.trim();
  const isWaiting = run.state === 'AWAITING_CONFIRM';
  // Nobody was given the token of a run that nobody asked for: the daemon keeps it.
  const needsToken = run.requestedBy !== 'automatic';
  return (
    <div className="bar bar-confirm">
      {confirm.error !== null && <Problem error={confirm.error} />}
      {cancel.error !== null && <Problem error={cancel.error} />}
      {isWaiting && run.deadline !== undefined && <Countdown run={run} />}
      <div className="bar-row">
        <p className="bar-words">
          <SentenceLinks>
            {isWaiting ? waitWords(run) : (run.why ?? WORDS[run.state] ?? '')}
          </SentenceLinks>
        </p>
        {isWaiting && kept === undefined && needsToken && (
          <label className="token-field">
            <span className="fine">Applied elsewhere: its confirm token</span>
            <input
              className="field"
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
        {isWaiting && run.deadline !== undefined && (
          <MoreTime
            run={run}
            token={token === '' ? undefined : token}
            isKnown={!needsToken || token !== ''}
          />
        )}
        <button
          className="button button-danger button-large"
          disabled={cancel.isPending || !canCancel(run.state)}
          onClick={() => cancel.mutate({ run: run.run })}
        >
          {cancel.isPending ? 'Cancelling…' : 'Cancel, go back'}
        </button>
        <button
          className="button button-primary button-large"
          disabled={!isWaiting || (needsToken && token === '') || confirm.isPending}
          onClick={() => confirm.mutate(token)}
        >
          {confirm.isPending ? 'Confirming…' : 'Confirm, keep it'}
        </button>
      </div>
    </div>
  );
}

/** What silence means; where somebody has changed what waits, nothing keeps it any more. */
function waitWords({ onSilence, outlook }: Run): string {
  return outlook === undefined ? silenceWords(onSilence) : 'Nothing keeps it now: see above why.';
}

/** What happens in states that do not wait for a person, for when the daemon says no more. */
const WORDS: Readonly<Partial<Record<Run['state'], string>>> = {
  PLANNED: 'Starting.',
  PREPARING: 'Keeping the present state, so that everything can be undone.',
  APPLYING: 'Changing things, one state after the other.',
  VERIFYING: 'Reading back what was changed, and asking the health checks.',
  COMMITTING: 'Confirmed. Reading everything back a last time.',
  REVERTING: 'Going back to the state before.',
};

function Countdown({ run }: { readonly run: Run }) {
  const now = useNow(250);
  const deadline = run.deadline ?? run.startedAt;
  const left = Math.max(0, msOf(deadline) - now);
  const whole = Math.max(1, msOf(deadline) - msOf(run.startedAt));
  return (
    <div className="countdown" role="timer" aria-label="Time left to confirm">
      <b>{leftWords(deadline, now)}</b>
      <span>left to confirm</span>
      <progress max={whole} value={left} aria-hidden="true" />
    </div>
  );
}

/**
 * Confirms with the nonce read just now: the daemon made it after the change, so whoever knows it
 * has reached the daemon since.
 */
function useConfirm(run: string) {
  const client = useQueryClient();
  const call = useCall();
  const confirm = useMutation<unknown, ApiError, string>({
    mutationFn: async (token) => {
      try {
        const { nonce = '' } = await call('runShow', { run });
        return await call('runConfirm', { run, nonce, ...(token === '' ? {} : { token }) });
      } catch (error) {
        throw apiErrorOf(error);
      }
    },
    onSettled: () => void client.invalidateQueries(),
  });
  const { reset } = confirm;
  useEffect(reset, [run, reset]);
  return confirm;
}
