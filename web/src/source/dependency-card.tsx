import { useApi } from '../api/use-api.ts';
import { Icon } from '../part/icon.tsx';
import { Nothing } from '../part/nothing.tsx';
import { Shown } from '../part/shown.tsx';
import { useNow } from '../time/use-now.ts';
import { agoWords } from '../time/words.ts';

/** Who needs whom: as the configuration declares it and as records show it. */
export function DependencyCard() {
  const components = useApi('componentList', {}, { everyMs: 30_000 });
  const now = useNow(10_000);
  return (
    <section className="card">
      <header>
        <h2>Dependencies</h2>
      </header>
      <Shown of={components}>
        {({ dependencies }) =>
          dependencies.length === 0 ? (
            <Nothing title="No dependency">None is declared, and none was seen.</Nothing>
          ) : (
            <ul className="card-body trigger-list">
              {dependencies.map(({ from, to, declared, seen, gap }) => (
                <li key={`${from} ${to}`} className={gap === undefined ? 'tone-good' : 'tone-warn'}>
                  <span className="coverage-icon">
                    <Icon name={gap === undefined ? 'check' : 'question'} />
                  </span>
                  <div>
                    <b>
                      {from} → {to}
                    </b>
                    <p className="soft">
                      {[
                        ...(declared ? ['declared'] : []),
                        ...seen.map((by) => {
                          const times = by.count.toLocaleString('en');
                          return `${by.origin}: ${times}, last ${agoWords(by.lastAt, now)}`;
                        }),
                      ].join('; ')}
                    </p>
                    {gap !== undefined && <p>{gap}</p>}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}
