import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Components that stand on each other have no order in which they could be brought back. */
export function circleProblems({ components = [] }: Config): readonly FoundProblem[] {
  const needs = new Map(components.map(({ name, dependsOn }) => [name, dependsOn]));
  const done = new Set<string>();
  const found: FoundProblem[] = [];
  const visit = (name: string, above: readonly string[]): void => {
    if (done.has(name)) return;
    const way = [...above, name];
    for (const [j, needed] of (needs.get(name) ?? []).entries()) {
      const at = way.indexOf(needed);
      if (at < 0) {
        visit(needed, way);
        continue;
      }
      const i = components.findIndex((component) => component.name === name);
      const circle = [...way.slice(at), needed].join(' → ');
      const message = `a circle has no first: ${circle}; leave one of these out`;
      found.push({ path: ['components', i, 'dependsOn', j], message });
    }
    done.add(name);
  };
  for (const { name } of components) visit(name, []);
  return found;
}
