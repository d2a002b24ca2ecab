import { axisMarks, shareOf, type TimeWindow } from '../range/time-range.ts';
import { millisecondWords } from '../../time/words.ts';

/** Words that begin later than this would be cut off; they end at their time instead. */
const LAST_SHARE = 0.92;

/** Round local times under the lanes. */
export function TimeAxis({ window }: { readonly window: TimeWindow }) {
  const span = window.to - window.from;
  const words = (at: number): string => {
    if (span > 36 * 3_600_000) {
      const date = new Date(at);
      const time = millisecondWords(at).slice(0, 5);
      return time === '00:00' ? `${date.getDate()}.${date.getMonth() + 1}.` : time;
    }
    return millisecondWords(at).slice(0, span < 10_000 ? 12 : span < 1_200_000 ? 8 : 5);
  };
  return (
    <div className="lane lane-axis" aria-hidden="true">
      <span className="lane-name fine">{zoneWords(window.to)}</span>
      <div className="lane-track">
        {axisMarks(window, 8).map((at) => {
          const share = shareOf(at, window);
          return (
            <span
              key={at}
              className={share > LAST_SHARE ? 'ends-here' : undefined}
              style={{ left: `${share * 100}%` }}
            >
              {words(at)}
            </span>
          );
        })}
      </div>
    </div>
  );
}

/** `UTC+1`: which local time the axis tells. */
function zoneWords(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}
