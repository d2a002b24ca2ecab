import { links, type LinkEnd } from '../parts/topology.ts';
import { LabFailure } from '../stage/lab-failure.ts';

/** The end of a link named `r1/ge1`; without a namespace the first that has such a device. */
export function deviceOf(text: string): LinkEnd {
  const [first = '', second] = text.split('/');
  const ends = links.flat();
  const found = ends.find(({ namespace, device }) =>
    second === undefined ? device === first : namespace === first && device === second,
  );
  if (found !== undefined) return found;
  const known = ends.map(({ namespace, device }) => `${namespace}/${device}`).join(', ');
  throw new LabFailure(`--on ${text}: no such device; there are ${known}`);
}

/** `r1/ge1`, as people write it. */
export const nameOf = ({ namespace, device }: LinkEnd): string => `${namespace}/${device}`;
