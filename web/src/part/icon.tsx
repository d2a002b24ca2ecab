/** Strokes of each icon on a 16 x 16 grid. */
const SHAPES = {
  brand: 'M8 1.5 14.5 8 8 14.5 1.5 8ZM5.3 8l2 2 3.6-3.8',
  timeline: 'M1.5 13.5h13M3 11V8m3 3V4m3 7V6.5m3 4.5V2.5',
  incident: 'M8 2 14.5 13.5h-13ZM8 6.5v3.2m0 1.6v.4',
  checkpoint: 'M8 2l6 6-6 6-6-6Z',
  rollback: 'M2.5 7.5a5.5 5.5 0 1 1 1.4 4.2M2.2 3.5v4h4',
  source: 'M2.5 5a5.5 2 0 0 1 11 0 5.5 2 0 0 1-11 0v6a5.5 2 0 0 0 11 0V5m-11 3a5.5 2 0 0 0 11 0',
  check: 'M2.8 8.5l3.4 3.4 7-7.6',
  cross: 'M3.5 3.5l9 9m0-9-9 9',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.8V8l2.2 1.8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.7 3.7',
  question: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.6m0 2.2v.4',
  pin: 'M5.5 2.5h5l-.8 4.5 2.3 2.5H4l2.3-2.5ZM8 9.5V14',
  key: 'M10.5 2.5a3 3 0 1 1-2.2 5L3 12.8V14h2v-1.5h1.5V11L8 9.4',
  hold: 'M5.5 3v10m5-10v10',
  chevron: 'M6 3.5 10.5 8 6 12.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** A line icon in the text's color. It decorates: the words beside it carry the meaning. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
