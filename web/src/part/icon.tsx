/** Strokes of each icon on a 16 x 16 grid. */
const SHAPES = {
  brand: 'M8 1.5 14.5 8 8 14.5 1.5 8ZM5.3 8l2 2 3.6-3.8',
  timeline: 'M1.5 13.5h13M3 11V8m3 3V4m3 7V6.5m3 4.500V2.500',
  incident: 'M8 2 14.5 13.500h-13ZM8 6.500v3.200m0 1.600v.4',
  checkpoint: 'M8 2l6 6-6 6-6-6Z',
  rollback: 'M2.500 7.500a5.500 5.500 0 1 1 1.400 4.200M2.200 3.500v4h4',
  source:
    'M8 3C4.800 3 2.500 3.900 2.500 5s2.300 2 5.500 2 5.500-.9 5.500-2-2.300-2-5.500-2ZM2.500 5v6c0 1.100 2.300 2 5.500 2s5.500-.9 5.500-2V5M2.500 8c0 1.100 2.300 2 5.500 2s5.500-.9 5.500-2',
  check: 'M2.800 8.500l3.400 3.400 7-7.600',
  cross: 'M3.500 3.500l9 9m0-9-9 9',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.800V8l2.200 1.800',
  copy: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8Z',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9Zm3.300 7.800 3.700 3.700',
  question: 'M5.500 6a2.500 2.500 0 1 1 3.600 2.200c-.7.400-1.100.9-1.100 1.600m0 2.200v.4',
  pin: 'M5.500 2.500h5l-.8 4.500 2.300 2.500H4l2.300-2.500ZM8 9.500V14',
  key: 'M10.500 2.500a3 3 0 1 1-2.200 5L3 12.800V14h2v-1.500h1.500V11L8 9.400',
  hold: 'M5.500 3v10m5-10v10',
  chevron: 'M6 3.500 10.500 8 6 12.500',
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
