import type { ReactNode } from 'react';
import type { TimelineRecord } from '../../api/types.ts';
import { Link } from '../../shell/link.tsx';
import { assertUnreachable } from '../../part/assert-unreachable.ts';
import { millisecondWords } from '../../time/words.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';
import type { Mark } from './use-marks.ts';

interface MarkLaneProps {
  readonly marks: readonly Mark[];
  readonly window: TimeWindow;
  readonly onOpen?: ((record: TimelineRecord) => void) | undefined;
}

/** Changes, checkpoints, rollbacks and incidents: what could be a cause, and ways back. */
export function MarkLane({ marks, window, onOpen }: MarkLaneProps) {
  return (
    <div className="lane lane-marks">
      <span className="lane-name" title="▲ change   ◆ good checkpoint   ◇ other checkpoint">
        Changes
      </span>
      <div className="lane-track">
        {marks.map((mark) => (
          <MarkShape key={keyOf(mark)} mark={mark} window={window} onOpen={onOpen} />
        ))}
      </div>
    </div>
  );
}

function keyOf(mark: Mark): string {
  return mark.kind === 'change' ? mark.record.id : `${mark.kind} ${mark.id}`;
}

interface MarkShapeProps extends Omit<MarkLaneProps, 'marks'> {
  readonly mark: Mark;
}

function MarkShape({ mark, window, onOpen }: MarkShapeProps) {
  const left = Math.max(0, shareOf(mark.at, window));
  const style = { left: `${left * 100}%` };
  const title = `${millisecondWords(mark.at).slice(0, 8)} ${mark.words}`;
  switch (mark.kind) {
    case 'incident': {
      const right = Math.min(1, shareOf(mark.to ?? window.to, window));
      return (
        <Spot style={{ ...style, width: `${Math.max(0.2, (right - left) * 100)}%` }} title={title}>
          <Link to={['incidents', mark.id]} className="mark-incident">
            <span className="unseen">{title}</span>
          </Link>
        </Spot>
      );
    }
    case 'checkpoint':
      return (
        <Spot style={style} title={title}>
          <Link to={['checkpoints', mark.id]} className={`mark mark-${mark.look}`}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M6 1 11 6 6 11 1 6Z" />
            </svg>
            <span className="unseen">{title}</span>
          </Link>
        </Spot>
      );
    case 'run':
      return (
        <Spot style={style} title={title}>
          <Link to={['runs', mark.id]} className="mark mark-run">
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M10.5 2v8L5.5 6ZM5.5 2v8L.5 6Z" />
            </svg>
            <span className="unseen">{title}</span>
          </Link>
        </Spot>
      );
    case 'change':
      return (
        <Spot style={style} title={title}>
          <button className="mark mark-change" onClick={() => onOpen?.(mark.record)}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M6 1.5 11 10.5H1Z" />
            </svg>
            <span className="unseen">{title}</span>
          </button>
        </Spot>
      );
    default:
      return assertUnreachable(mark);
  }
}

interface SpotProps {
  readonly style: { readonly left: string; readonly width?: string };
  readonly title: string;
  readonly children: ReactNode;
}

function Spot({ style, title, children }: SpotProps) {
  return (
    <span className="spot" style={style} title={title}>
      {children}
    </span>
  );
}
