import { useRef } from 'react';
import { zoneWords } from '../../time/words.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';
import { axisLabels } from './axis-labels.ts';
import { useWidth } from './use-width.ts';

/** Round local times under the lanes. */
export function TimeAxis({ window }: { readonly window: TimeWindow }) {
  const track = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  return (
    <div className="lane lane-axis" aria-hidden="true">
      <span className="lane-name fine">{zoneWords(window.to)}</span>
      <div className="lane-track" ref={track}>
        {axisLabels(window, width).map(({ at, words, side }) => (
          <span
            key={at}
            className={side === 'before' ? 'ends-here' : undefined}
            style={{ left: `${shareOf(at, window) * 100}%` }}
          >
            {words}
          </span>
        ))}
      </div>
    </div>
  );
}
