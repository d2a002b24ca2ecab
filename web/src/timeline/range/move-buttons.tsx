import { useKeys } from '../../shell/keys.ts';
import { panned, zoomed, type TimeWindow } from './time-range.ts';

interface MoveButtonsProps {
  readonly view: TimeWindow;
  readonly onMove: (next: TimeWindow) => void;
  /** Goes back to what happens now. */
  readonly onNow: () => void;
}

const STEP = 0.5;
const FACTOR = 2;

/** Earlier, later, narrower, wider: by button and by key, as the wheel does over the lanes. */
export function MoveButtons({ view, onMove, onNow }: MoveButtonsProps) {
  const moves = [
    { words: 'Earlier', sign: '‹', keys: ['['], act: () => onMove(panned(view, -STEP)) },
    { words: 'Later', sign: '›', keys: [']'], act: () => onMove(panned(view, STEP)) },
    { words: 'Narrower', sign: '+', keys: ['+', '='], act: () => onMove(zoomed(view, 1 / FACTOR)) },
    { words: 'Wider', sign: '−', keys: ['-', '_'], act: () => onMove(zoomed(view, FACTOR)) },
  ];
  useKeys({
    ...Object.fromEntries(moves.flatMap(({ keys, act }) => keys.map((key) => [key, act]))),
    '0': onNow,
  });
  return (
    <div className="toggles moves" role="group" aria-label="Move in time">
      {moves.map(({ words, sign, keys, act }) => (
        <button key={words} onClick={act} title={`${words}  ${keys[0]}`} aria-label={words}>
          {sign}
        </button>
      ))}
    </div>
  );
}
