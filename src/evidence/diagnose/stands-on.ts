import type { DiagnosisInput } from './diagnosis-input.ts';

/** Everything a component needs, near and far, as the inventory says. */
export function standsOn({ dependencies }: DiagnosisInput, component: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [component];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const { from, to } of dependencies) {
      if (from !== at || found.has(to)) continue;
      found.add(to);
      queue.push(to);
    }
  }
  return found;
}
