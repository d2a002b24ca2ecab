import type { Run } from '../api/types.ts';
import { Icon } from '../part/icon.tsx';
import { stageOf, STAGES } from './run-words.ts';

/** The stages of a run and how far it is; a run that goes back says so instead. */
export function RunTrack({ run }: { readonly run: Run }) {
  const stage = stageOf(run.state);
  if (stage === undefined) return null;
  return (
    <ol className="track" aria-label="Stages">
      {STAGES.map((name, at) => {
        const look = at < stage ? 'done' : at === stage ? 'now' : 'ahead';
        return (
          <li
            key={name}
            className={`track-${look}`}
            aria-current={look === 'now' ? 'step' : undefined}
          >
            <i aria-hidden="true">{look === 'done' && <Icon name="check" />}</i>
            {name}
          </li>
        );
      })}
    </ol>
  );
}
