import type { Incident } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { StatusLabel } from '../checkpoint/status-label.tsx';
import { Icon, type IconName } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { When } from '../part/when.tsx';
import { PlanButton } from '../rollback/plan-button.tsx';
import type { Tone } from '../part/tone.ts';

const LOOK: Readonly<
  Record<
    Incident['rollback']['helps'],
    { readonly tone: Tone; readonly icon: IconName; readonly words: string }
  >
> = {
  yes: { tone: 'good', icon: 'check', words: 'A rollback would help' },
  no: { tone: 'warn', icon: 'cross', words: 'Rolling back will not help' },
  unknown: { tone: 'quiet', icon: 'question', words: 'Whether a rollback would help is unknown' },
};

/** Whether going back would help, why, and to where. */
export function AdviceCard({ incident }: { readonly incident: Incident }) {
  const { rollback, id, state, title } = incident;
  const { tone, icon, words } = LOOK[rollback.helps];
  const isOver = state === 'closed';
  const input = {
    incident: id,
    ...(rollback.checkpoint === undefined ? {} : { checkpoint: rollback.checkpoint }),
  };
  return (
    <section className={`card advice tone-${tone}`} aria-label="Would a rollback help">
      <h2>
        <Icon name={icon} /> {words}
      </h2>
      <div className="card-body stack">
        <p className="sentence-case">
          <SentenceLinks>{withoutVerdict(rollback.why, words)}</SentenceLinks>
        </p>
        {rollback.checkpoint !== undefined && <Target id={rollback.checkpoint} role="Go back to" />}
        {rollback.runnerUp !== undefined && <Target id={rollback.runnerUp} role="Second choice" />}
        {!isOver && (
          <PlanButton
            input={input}
            label={rollback.helps === 'no' ? 'Plan a rollback anyway' : 'Plan rollback'}
            primary={rollback.helps === 'yes'}
            reason={title}
          />
        )}
      </div>
    </section>
  );
}

/** The sentence without the verdict it repeats: that stands above it in large letters. */
function withoutVerdict(why: string, verdict: string): string {
  const repeats = why.toLowerCase().startsWith(`${verdict.toLowerCase()}: `);
  return repeats ? why.slice(verdict.length + 2) : why;
}

function Target({ id, role }: { readonly id: string; readonly role: string }) {
  const checkpoint = useApi('checkpointShow', { id });
  return (
    <div className="advice-target">
      <span className="soft">{role}</span>
      <Id to={['checkpoints', id]} short={15}>
        {id}
      </Id>
      {checkpoint.data !== undefined && (
        <>
          <StatusLabel status={checkpoint.data.status} />
          <span className="soft">
            <When at={checkpoint.data.manifest.takenAt} age />
          </span>
        </>
      )}
    </div>
  );
}
