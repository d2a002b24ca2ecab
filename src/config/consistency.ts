import { hostname } from 'node:os';
import { isLoopback } from '../base/loopback.ts';
import type { FoundProblem, OpenListenerCode } from './problem.ts';
import { hostComponentName } from './own-host.ts';
import type { Config } from './schema.ts';

/** What is right by itself and wrong together: `up` would refuse it, or a plan would fail. */
export function consistencyProblems(config: Config): readonly FoundProblem[] {
  return [
    ...openListeners(config),
    ...cycles(config),
    ...sharedPaths(config),
    ...triggersOnNothing(config),
  ];
}

/** Listeners that take access tokens; whether there are tokens only a data directory can tell. */
const TOKEN_LISTENERS = ['ui', 'otlpHttp', 'otlpGrpc'] as const;

/** Listeners of a protocol without tokens. */
const SENDER_LISTENERS = ['syslogUdp', 'syslogTcp', 'syslogTls'] as const;

function openListeners({ listen, access }: Config): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  const check = (
    name: keyof Config['listen'],
    refusal: OpenListenerCode,
    isGuarded: boolean,
    message: string,
  ): void => {
    const at = listen[name];
    if (at === undefined || at === false || isGuarded || isLoopback(at.host)) return;
    found.push({ path: ['listen', name], refusal, message, value: `${at.host}:${at.port}` });
  };
  for (const name of TOKEN_LISTENERS) {
    const message =
      'others reach this address, which needs TLS: name cert and key in access.tls, or listen ' +
      'on 127.0.0.1';
    check(name, 'LG_ACCESS_LISTENER_OPEN', access.tls !== undefined, message);
  }
  for (const name of SENDER_LISTENERS) {
    const byCertificate = name === 'syslogTls' && access.tls?.ca !== undefined;
    const message =
      'others reach this address: name the networks of the senders in access.senders, or listen ' +
      'on 127.0.0.1';
    const isGuarded = byCertificate || access.senders.length > 0;
    check(name, 'LG_ACCESS_SENDERS_OPEN', isGuarded, message);
  }
  return found;
}

/** Components that stand on each other have no order in which they could be brought back. */
function cycles({ components = [] }: Config): readonly FoundProblem[] {
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

/** A path with two owners would be captured twice, and restored to whichever came last. */
function sharedPaths({ components = [] }: Config): readonly FoundProblem[] {
  const owners = new Map<string, string>();
  const found: FoundProblem[] = [];
  for (const [i, { name, state }] of components.entries()) {
    for (const [j, spec] of state.entries()) {
      for (const { text, member } of pathsOf(spec)) {
        const path = text.replace(/(?<=.)\/+$/, '');
        const owner = owners.get(path);
        if (owner === undefined) owners.set(path, name);
        else {
          const message = `${owner} owns this path already; leave it to one of them`;
          found.push({ path: ['components', i, 'state', j, ...member], message, value: text });
        }
      }
    }
  }
  return found;
}

interface OwnedPath {
  readonly text: string;
  readonly member: readonly PropertyKey[];
}

/** The paths a state names: of files, and the link a deployment turns. */
function pathsOf(spec: object): readonly OwnedPath[] {
  const members = new Map<string, unknown>(Object.entries(spec));
  const [paths, current] = [members.get('paths'), members.get('current')];
  const listed = Array.isArray(paths) ? [...paths.entries()] : [];
  const owned = listed.map(([k, text]) => ({ text: String(text), member: ['paths', k] }));
  return typeof current === 'string' ? [...owned, { text: current, member: ['current'] }] : owned;
}

/** A trigger on a name that no record bears never fires, and nobody would notice. */
function triggersOnNothing({ components, triggers }: Config): readonly FoundProblem[] {
  // What is discovered rather than named has names that only the host knows.
  if (components === undefined) return [];
  const names = new Set([...components.map(({ name }) => name), hostComponentName(hostname())]);
  return triggers.flatMap(({ component }, i) => {
    if (component === undefined || names.has(component)) return [];
    const message = 'no component of this name; add it to components';
    return [{ path: ['triggers', i, 'component'], message, value: component }];
  });
}
