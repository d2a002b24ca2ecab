import { Link } from '../shell/link.tsx';
import { linkedParts } from './linked.ts';
import { Person } from './person.tsx';

/** A sentence of the daemon: incidents, checkpoints and rollbacks are links, people have names. */
export function SentenceLinks({ children }: { readonly children: string }) {
  return linkedParts(children).map(({ text, to, isPerson }, at) => {
    if (isPerson) return <Person key={at} id={text} />;
    if (to === undefined) return text;
    return (
      <Link key={at} to={to} className="mono">
        {text}
      </Link>
    );
  });
}
