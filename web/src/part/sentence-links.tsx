import { Link } from '../shell/link.tsx';
import { linkedParts } from './linked.ts';

/** A sentence of the daemon; the incidents, checkpoints and rollbacks it names are links. */
export function SentenceLinks({ children }: { readonly children: string }) {
  return linkedParts(children).map(({ text, to }, at) =>
    to === undefined ? (
      text
    ) : (
      <Link key={at} to={to} className="mono">
        {text}
      </Link>
    ),
  );
}
