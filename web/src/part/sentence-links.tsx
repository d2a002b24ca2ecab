import { Link } from '../shell/link.tsx';
import { linkedParts } from './linked.ts';
import { Person } from './person.tsx';
import { When } from './when.tsx';

interface SentenceLinksProps {
  readonly children: string;
  /** The moment that it speaks of, RFC 3339: its times without a day become local ones. */
  readonly near?: string;
  /** Only the ends of ids, which tell them apart: for lists. */
  readonly short?: boolean;
}

/** So much of an id tells it from others of a list. */
const END_CHARS = 6;

/** A sentence of the daemon: what has a page is a link, people have names, times are local. */
export function SentenceLinks({ children, near, short = false }: SentenceLinksProps) {
  return linkedParts(children, near).map(({ text, to, isPerson, isTime }, at) => {
    if (isPerson) return <Person key={at} id={text} />;
    if (isTime) return <When key={at} at={text} />;
    if (to === undefined) return text;
    return (
      <Link key={at} to={to} className="mono" title={text}>
        {short ? shortId(text) : text}
      </Link>
    );
  });
}

function shortId(id: string): string {
  return `${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-END_CHARS)}`;
}
