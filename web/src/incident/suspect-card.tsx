import type { Suspect } from '../api/types.ts';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { Link } from '../shell/link.tsx';
import { evidenceTarget, VERDICT_LOOK } from './incident-words.ts';

/** More evidence than this is a list nobody reads; the rest is counted. */
const EVIDENCE_MAX = 4;

/** One candidate for the cause, with its case. */
export function SuspectCard({ suspect }: { readonly suspect: Suspect }) {
  const { rank, component, kind, score, verdict, resource, reasons } = suspect;
  const { tone, means } = VERDICT_LOOK[verdict];
  return (
    <li className={`card suspect${rank === 1 ? ' suspect-first' : ''}`}>
      <span className="suspect-rank" aria-label={`Rank ${rank}`}>
        {rank}
      </span>
      <div className="suspect-case">
        <header>
          <h2>
            <Link to={['timeline']} query={{ component }}>
              {component}
            </Link>
            {resource !== undefined && <span className="mono suspect-resource">{resource}</span>}
          </h2>
          <Label tone={tone} title={means}>
            {verdict}
          </Label>
        </header>
        <p className="suspect-score">
          <span className="soft">{kind}</span>
          <meter min={0} max={1} value={score} aria-label="How suspect, 0 to 1">
            {score}
          </meter>
          <span className="soft">{score.toFixed(2)}</span>
        </p>
        <ul className="reasons">
          {reasons.map(({ text, evidence }) => (
            <li key={text}>
              <p>{text}</p>
              {evidence.length > 0 && <Evidence evidence={evidence} />}
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

function Evidence({ evidence }: { readonly evidence: readonly string[] }) {
  const rest = evidence.length - EVIDENCE_MAX;
  return (
    <span className="evidence">
      {evidence.slice(0, EVIDENCE_MAX).map((one) => {
        const to = evidenceTarget(one);
        return (
          <Id key={one} short={48} {...(to === undefined ? {} : { to })}>
            {one}
          </Id>
        );
      })}
      {rest > 0 && <span className="fine">and {rest} more</span>}
    </span>
  );
}
