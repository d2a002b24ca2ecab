import type { Incident } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { byItselfLook } from './by-itself-words.ts';

/** A rollback that begins without anybody asking: what, when, and how to call it off. */
export function ByItself({ incident }: { readonly incident: Incident }) {
  const session = useApi('sessionShow', {});
  const look = byItselfLook(incident, session.data);
  if (look === undefined) return null;
  return (
    <section className={`problem tone-${look.tone} told-first`} aria-label="Rollback by itself">
      <Icon name="rollback" />
      <div>
        <h2>{look.title}</h2>
        {look.lines.map((line) => (
          <p key={line}>
            <SentenceLinks>{line}</SentenceLinks>
          </p>
        ))}
      </div>
    </section>
  );
}
