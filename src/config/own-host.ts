import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  REQUIRES_WITHIN_MS,
  type Component,
  type ComponentKind,
} from '../model/component/component.ts';

/**
 * This machine as the one component of an inventory that nobody wrote: compared only, so that
 * "what changed here since …" has an answer without any configuration.
 */
export function ownHost(): Component {
  const name = hostComponentName(hostname());
  return {
    name,
    kind: machineKind(),
    dependsOn: [],
    requires: { logs: [], traces: [], events: [], withinMs: REQUIRES_WITHIN_MS },
    state: [{ id: `${name}/host`, component: name, provider: 'host', spec: {} }],
    health: [],
  };
}

/** A host's name as a component's: short and in lower case, as records of the host name it. */
export function hostComponentName(host: string): string {
  const short = host.toLowerCase().split('.')[0] ?? '';
  const safe = short.replaceAll(/[^a-z0-9_-]/g, '-').replace(/^[^a-z0-9]+/, '');
  return safe.slice(0, 63) || 'this-host';
}

/** What kind of machine this is, by the marks that container engines and hypervisors leave. */
export function machineKind(): ComponentKind {
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return 'container';
  try {
    if (/^container=/m.test(readFileSync('/proc/1/environ', 'latin1').replaceAll('\0', '\n'))) {
      return 'container';
    }
  } catch {
    // Only root may look; the marks above are what the usual engines leave.
  }
  try {
    return /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
      ? 'vm'
      : 'server';
  } catch {
    return 'server';
  }
}
