import { factWords } from '../../../src/api/contract/fact-words.ts';
import { useApi } from '../api/use-api.ts';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';

/** Every fact about a checkpoint: its status follows from these and nothing else. */
export function FactList({ id }: { readonly id: string }) {
  const explained = useApi('checkpointExplain', { id }, { everyMs: 15_000 });
  return (
    <section className="card">
      <header>
        <h2>Why it stands so</h2>
      </header>
      <Shown of={explained}>
        {({ facts }) => (
          <ol className="card-body fact-list">
            {facts.map((fact) => (
              <li key={`${fact.at} ${fact.kind}`}>
                <span className="soft">
                  <When at={fact.at} />
                </span>
                <span>
                  <SentenceLinks>{factWords(fact)}</SentenceLinks>
                </span>
              </li>
            ))}
          </ol>
        )}
      </Shown>
    </section>
  );
}
