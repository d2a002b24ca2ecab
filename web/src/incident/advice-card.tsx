import type { Incident } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { StatusLabel } from '../checkpoint/status-label.tsx';
import { Icon } from '../part/icon.tsx';
import { Id } from '../part/id.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { When } from '../part/when.tsx';
import { PlanButton } from '../rollback/plan-button.tsx';
import { adviceLook, isOver, reasonWords } from './advice-words.ts';

/** Whether going back would help, why, and to where. */
export function AdviceCard({ incident }: { readonly incident: Incident }) {
  const { rollback, id, title } = incident;
  const { tone, icon, words } = adviceLook(incident);
  const isPast = isOver(incident);
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
          <SentenceLinks near={incident.firstBadAt}>{reasonWords(incident)}</SentenceLinks>
        </p>
        {rollback.checkpoint !== undefined && (!isPast || rollback.helps === 'yes') && (
          <Target id={rollback.checkpoint} role={isPast ? 'Advised then' : 'Go back to'} />
        )}
        {!isPast && rollback.runnerUp !== undefined && (
          <Target id={rollback.runnerUp} role="Second choice" why={rollback.whySecond} />
        )}
        {!isPast && (
          <PlanButton
            input={input}
            components={incident.components}
            label={rollback.helps === 'no' ? 'Plan a rollback anyway' : 'Plan rollback'}
            primary={rollback.helps === 'yes'}
            reason={title}
          />
        )}
      </div>
    </section>
  );
}

interface TargetProps {
  readonly id: string;
  readonly role: string;
  readonly why?: string | undefined;
}

function Target({ id, role, why }: TargetProps) {
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
      {why !== undefined && <span className="soft">{why}</span>}
    </div>
  );
}
