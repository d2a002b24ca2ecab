import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** A machine has one kernel: read twice, each of its messages would be on the timeline twice. */
export function kernelLogProblems({ sources = [] }: Config): readonly FoundProblem[] {
  const first = sources.findIndex(({ kind }) => kind === 'kmsg');
  return sources.flatMap(({ kind, name }, i) => {
    if (kind !== 'kmsg' || i === first) return [];
    const message = `${sources[first]?.name ?? ''} reads the kernel's log already; leave one out`;
    return [{ path: ['sources', i, 'kind'], message, value: name }];
  });
}
