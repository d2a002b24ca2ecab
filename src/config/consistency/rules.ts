import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Listeners are no entries of `sources`; their rules are named by what they speak, or by name. */
const LISTENERS = ['otlp', 'otlp-grpc', 'syslog', 'syslog-udp', 'syslog-tcp', 'syslog-tls'];

/** Rules of a source that there is not would leave out nothing, silently. */
export function ruleProblems(
  { sources, rules }: Config,
  sourceKinds: Iterable<string>,
): readonly FoundProblem[] {
  // What is found rather than named has names that only the host knows.
  if (sources === undefined) return [];
  const names = sources.flatMap(({ name, kind }) => [name, kind]);
  const known = new Set([...LISTENERS, ...names, ...sourceKinds]);
  return Object.keys(rules)
    .filter((key) => !known.has(key))
    .map((key) => {
      const message = 'there is no source of this name or kind, so nothing would be left out';
      return { path: ['rules', key], message, value: key, atKey: true };
    });
}
