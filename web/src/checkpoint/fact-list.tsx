import type { RouteAnswer } from '../../../src/api/contract.ts';
import { useApi } from '../api/use-api.ts';
import { SentenceLinks } from '../part/sentence-links.tsx';
import { Shown } from '../part/shown.tsx';
import { When } from '../part/when.tsx';
import { reasonWords } from './checkpoint-words.ts';

type Fact = RouteAnswer<'checkpointExplain'>['facts'][number];

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
                  <SentenceLinks>{words(fact)}</SentenceLinks>
                </span>
              </li>
            ))}
          </ol>
        )}
      </Shown>
    </section>
  );
}

function words(fact: Fact): string {
  switch (fact.kind) {
    case 'sealed':
      return `sealed, taken ${reasonWords(fact.manifest.reason)}`;
    case 'read-back':
      return fact.ok ? 'read back whole' : `could not be read back: ${fact.why}`;
    case 'soak-sample':
      return `health: ${fact.verdict}`;
    case 'soak-ended':
      return fact.healthy ? fact.why : `health did not hold: ${fact.why}`;
    case 'incident':
      return `incident ${fact.incident} casts doubt on it`;
    case 'incident-cleared':
      return `incident ${fact.incident} casts no doubt any more`;
    case 'restored':
      return `rollback ${fact.run} went here and ${fact.healed ? 'healed' : 'did not heal'}`;
    case 'pinned':
      return `pinned by ${fact.actor}: ${fact.reason}`;
    case 'unpinned':
      return `unpinned by ${fact.actor}`;
    case 'forgotten':
      return `forgotten by ${fact.actor}`;
  }
}
