import { SentenceLinks } from '../part/sentence-links.tsx';
import { verdictParts } from './verdict.ts';

/** Why a checkpoint stands as it does, in one line of a table; the rest opens on demand. */
export function VerdictWords({ reason }: { readonly reason: string }) {
  const { verdict, rest } = verdictParts(reason);
  if (rest === undefined) return <SentenceLinks short>{verdict}</SentenceLinks>;
  return (
    <details className="verdict">
      <summary>{verdict}</summary>
      <SentenceLinks>{rest}</SentenceLinks>
    </details>
  );
}
