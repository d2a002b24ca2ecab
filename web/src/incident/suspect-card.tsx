import { useState } from 'react';
import type { Suspect } from '../api/types.ts';
import { Id } from '../part/id.tsx';
import { Label } from '../part/label.tsx';
import { OrderChip } from './order-chip.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Link } from '../shell/link.tsx';
import { evidenceTarget, VERDICT_LOOK } from './incident-words.ts';

/** More evidence than this is a list nobody reads; the rest is counted. */
const EVIDENCE_MAX = 4;

/** So many reasons convince; the rest is there for who doubts, and the timeline stays in sight. */
const REASONS_FIRST = 5;
const REASONS_OTHERS = 2;

interface SuspectCardProps {
  readonly suspect: Suspect;
  /** When the trouble began, RFC 3339. */
  readonly near: string;
}

/** One candidate for the cause, with its case. */
export function SuspectCard({ suspect, near }: SuspectCardProps) {
  const { rank, component, kind, score, verdict, resource, reasons, order } = suspect;
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
          <span className="suspect-marks">
            {order !== undefined && <OrderChip order={order} />}
            <Label tone={tone} title={means}>
              {verdict}
            </Label>
          </span>
        </header>
        <p className="suspect-score">
          <span className="soft">{kind}</span>
          <span className="score" aria-hidden="true">
            <i style={{ width: `${score * 100}%` }} />
          </span>
          <span className="soft">
            <span className="unseen">how suspect, of 1: </span>
            {score.toFixed(2)}
          </span>
        </p>
        <Reasons reasons={reasons} near={near} most={rank === 1 ? REASONS_FIRST : REASONS_OTHERS} />
      </div>
    </li>
  );
}

interface ReasonsProps {
  readonly reasons: Suspect['reasons'];
  readonly near: string;
  readonly most: number;
}

/** The case, for and against; what speaks against is never folded away. */
function Reasons({ reasons, near, most }: ReasonsProps) {
  const [isWhole, setWhole] = useState(false);
  const against = reasons.filter(({ text }) => text.startsWith(AGAINST));
  const speaksFor = reasons.filter(({ text }) => !text.startsWith(AGAINST));
  const shown = isWhole ? speaksFor : speaksFor.slice(0, most);
  const rest = speaksFor.length - shown.length;
  return (
    <ul className="reasons">
      {shown.map((reason) => (
        <Reason key={reason.text} reason={reason} near={near} />
      ))}
      {rest > 0 && (
        <li className="reasons-rest">
          <button className="button button-bare" onClick={() => setWhole(true)}>
            {rest === 1 ? 'One more reason' : `${rest} more reasons`}
          </button>
        </li>
      )}
      {against.map((reason) => (
        <Reason key={reason.text} reason={reason} near={near} />
      ))}
    </ul>
  );
}

/** How the diagnosis begins a sentence that speaks for a suspect's innocence. */
const AGAINST = 'against: ';

interface ReasonProps {
  readonly reason: Suspect['reasons'][number];
  readonly near: string;
}

function Reason({ reason, near }: ReasonProps) {
  const { text, evidence } = reason;
  const speaksAgainst = text.startsWith(AGAINST);
  return (
    <li className={speaksAgainst ? 'reason-against' : undefined}>
      <p>
        {speaksAgainst && <b>against </b>}
        <SentenceLinks near={near}>
          {speaksAgainst ? text.slice(AGAINST.length) : text}
        </SentenceLinks>
      </p>
      {evidence.some((one) => !text.includes(one)) && (
        <Evidence evidence={evidence.filter((one) => !text.includes(one))} />
      )}
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
