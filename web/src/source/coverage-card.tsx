import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { useNow } from '../time/use-now.ts';
import { UnresolvedList } from './unresolved-list.tsx';

/** What each component sends and restores, and what of it is missing. */
export function CoverageCard() {
  const coverage = useApi('coverageList', {}, { everyMs: 10_000 });
  const now = useNow(10_000);
  return (
    <section className="card">
      <header>
        <h2>Coverage</h2>
      </header>
      <Shown of={coverage}>
        {(shown) => (
          <>
            <UnresolvedList names={shown.unresolved} now={now} />
            {shown.coverage.length === 0 ? (
              <Nothing title="No component">
                Name what you run under <code>components:</code> in lastgood.yaml.
              </Nothing>
            ) : (
              <ul className="card-body trigger-list">
                {shown.coverage.map(({ component, present, missing }) => (
                  <li key={component} className={missing.length === 0 ? 'tone-good' : 'tone-warn'}>
                    <span className="coverage-icon">
                      <Icon name={missing.length === 0 ? 'check' : 'question'} />
                    </span>
                    <div>
                      <b>{component}</b>
                      {missing.length > 0 && <p>missing {missing.join(', ')}</p>}
                      {present.length > 0 && <p className="soft">has {present.join(', ')}</p>}
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}
