import { meant } from '../base/nearest-word.ts';
import { z } from 'zod';
import type { StandardSchema } from '../ports/standard-schema.ts';
import { plainWords } from './plain-words.ts';
import type { FoundProblem } from './problem.ts';
import type { Config } from './schema.ts';
import { tellIssue } from './tell-issue.ts';

/** What adapters accept, by kind: validates `sources[]` and `components[].state[]`. */
export interface AdapterSchemas {
  readonly sources: ReadonlyMap<string, StandardSchema<unknown>>;
  readonly providers: ReadonlyMap<string, StandardSchema<unknown>>;
}

type Path = readonly PropertyKey[];

/** What adapters would refuse of their settings. */
export function adapterProblems(config: Config, adapters: AdapterSchemas): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  for (const [i, source] of (config.sources ?? []).entries()) {
    const { name: _name, rules: _rules, kind, ...spec } = source;
    found.push(...specProblems(['sources', i], 'kind', kind, spec, adapters.sources));
  }
  for (const [i, component] of (config.components ?? []).entries()) {
    for (const [j, state] of component.state.entries()) {
      const { provider, ...spec } = state;
      const path = ['components', i, 'state', j];
      found.push(...specProblems(path, 'provider', provider, spec, adapters.providers));
    }
  }
  return found;
}

function specProblems(
  path: Path,
  member: string,
  kind: string,
  spec: unknown,
  schemas: ReadonlyMap<string, StandardSchema<unknown>>,
): readonly FoundProblem[] {
  const schema = schemas.get(kind);
  if (schema === undefined) {
    const known = [...schemas.keys()].toSorted();
    return [
      {
        path: [...path, member],
        message: `there is none of this name${meant(kind, known)}; known: ${known.join(', ')}`,
        value: kind,
      },
    ];
  }
  const result = checked(schema, spec);
  if (result instanceof Promise) return [{ path, message: 'settings must be checkable at once' }];
  return (result.issues ?? []).flatMap((issue) => {
    const within = (issue.path ?? []).map((key) => (typeof key === 'object' ? key.key : key));
    return tellIssue({ ...issue, path: [...path, ...within] });
  });
}

/** Our own adapters' validator lends its words; any other speaks for itself. */
function checked(
  schema: StandardSchema<unknown>,
  spec: unknown,
): ReturnType<StandardSchema<unknown>['~standard']['validate']> {
  if (!(schema instanceof z.ZodType)) return schema['~standard'].validate(spec);
  const parsed = schema.safeParse(spec, { reportInput: true, error: plainWords });
  return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
}
