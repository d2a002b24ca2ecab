import type { Run } from '../api/types.ts';

type Check = NonNullable<Run['checks']>[number];

/** The guards and goals as they were asked last: what to look at before deciding. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  const sorted = checks.toSorted((a, b) => RANK[a.color] - RANK[b.color]);
  return (
    <section className="card" aria-label="Checks now">
      <h2>Checks now</h2>
      <ul className="card-body stack">
        {sorted.map(({ role, check, component, color, seen }) => (
          <li key={`${role} ${component} ${check}`}>
            <b>{color}</b> <span className="soft">{role}</span> {nameOf(component, check)}{' '}
            <span className="soft">{seen}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const RANK = { red: 0, unknown: 1, green: 2 } as const;

/** The name of a health check begins with its component; that of a trigger does not. */
function nameOf(component: string, check: string): string {
  return check.startsWith(`${component}:`) ? check : `${component}: ${check}`;
}
