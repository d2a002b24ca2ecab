import type { Pulse } from './pulse.ts';

/** Where the story is told: lines that stay, and one live line under them. */
export type Screen = {
  /** Opens a chapter: `Round 1 of 3  A bad release`. */
  readonly chapter: (title: string, subtitle: string) => void;
  /** One line that stays. The mark says what sort: done, trouble, action, or plain. */
  readonly say: (mark: Mark, text: string) => void;
  /** What the live line says is going on. */
  readonly now: (step: string) => void;
  /** A line without time or mark, for the frame of the story. */
  readonly plain: (text: string) => void;
  /** Stops the live line and gives the terminal back. */
  readonly end: () => void;
};

/** What sort of line it is. */
export type Mark = 'good' | 'bad' | 'act' | 'info';

/** What the screen writes to. */
export type ScreenOptions = {
  readonly output: NodeJS.WriteStream;
  readonly pulse: Pulse;
  readonly color: boolean;
};

const marks = { good: '✓', bad: '✗', act: '▸', info: '·' } as const;
const colors = { good: '32', bad: '31', act: '36', info: '2' } as const;
const bars = [...'▁▂▃▄▅▆▇█'];
/** On a terminal the live line breathes; elsewhere one line a second is what a log can bear. */
const redrawMs = 250;
const plainLineMs = 1_000;
/** A terminal that tells no width is taken for this wide. */
const columnsDefault = 80;

/** Starts telling. On a terminal one line is redrawn; elsewhere plain lines come once a second. */
export function createScreen({ output, pulse, color }: ScreenOptions): Screen {
  const isTerminal = output.isTTY === true;
  const startedAt = Date.now();
  const paint = (code: string, text: string): string =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;
  let step = 'starting';
  let chapterName = '';
  let isOver = false;

  const liveLine = (): string => {
    const { perSecond, failed } = pulse.lately(1);
    const graph = pulse
      .history(12)
      .map(bar)
      .join('')
      .padStart(12, bars[0] ?? '');
    const share = `${(failed * 100).toFixed(0).padStart(3)} % failed`;
    const trouble = failed > 0.02 ? '31' : '32';
    const orders = `${perSecond.toFixed(0).padStart(2)} orders/s`;
    const place = chapterName === '' ? '' : `${chapterName} · `;
    const width = (output.columns ?? columnsDefault) - 46;
    const tail = isTerminal ? `${place}${step}`.slice(0, Math.max(0, width)) : `${place}${step}`;
    return `  ${paint(trouble, graph)} ${orders} ${paint(trouble, share)}  ${tail}`;
  };
  const clear = (): void => {
    if (isTerminal) output.write('\r\u001b[2K');
  };
  const draw = (): void => {
    if (!isTerminal) output.write(`${liveLine()}\n`);
    else output.write(`\r\u001b[2K${liveLine()}`);
  };
  const write = (line: string): void => {
    if (isOver) return;
    clear();
    output.write(`${line}\n`);
    if (isTerminal) draw();
  };
  const timer = setInterval(draw, isTerminal ? redrawMs : plainLineMs);

  return {
    chapter: (title, subtitle) => {
      chapterName = title;
      write('');
      write(`${paint('1', title)}  ${subtitle}`);
    },
    say: (mark, text) => {
      const elapsed = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
      write(`${paint('2', elapsed)}  ${paint(colors[mark], marks[mark])} ${text}`);
    },
    now: (text) => {
      step = text;
    },
    plain: (text) => write(text),
    end: () => {
      clearInterval(timer);
      if (!isOver) clear();
      isOver = true;
    },
  };
}

function bar(share: number): string {
  const index = Math.min(bars.length - 1, Math.ceil(share * (bars.length - 1)));
  return bars[index] ?? '';
}
