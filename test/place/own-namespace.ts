import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { isAlive, kill, ownIdentity } from '../../src/runner/process-table.ts';

/** Where `ip netns` keeps them. */
const FOLDER = '/run/netns';

/**
 * Adds a network namespace whose name says who owns it: this process. First it removes those of the
 * prefix whose owners were killed before they could do that themselves. Needs root.
 */
export function ownNamespace(prefix: string, name: string): string {
  for (const left of ofTheDead(prefix)) removeNamespace(left);
  const { pid, start } = ownIdentity();
  const namespace = `${prefix}-${pid}-${start}-${name}`;
  execFileSync('ip', ['netns', 'add', namespace], { stdio: 'pipe' });
  return namespace;
}

/** Ends whatever runs in a namespace and removes it; one that is gone is fine. */
export function removeNamespace(namespace: string): void {
  try {
    const pids = execFileSync('ip', ['netns', 'pids', namespace], { stdio: 'pipe' });
    for (const pid of pids.toString().split('\n')) if (pid !== '') kill(Number(pid));
    execFileSync('ip', ['netns', 'del', namespace], { stdio: 'pipe' });
  } catch (thrown) {
    if (namespaces().includes(namespace)) throw thrown;
  }
}

/** By the number and the start of the owner: a number alone is given again. */
function ofTheDead(prefix: string): readonly string[] {
  return namespaces().filter((namespace) => {
    const [of, pid, start = ''] = namespace.split('-');
    const isOwned = of === prefix && /^\d+$/.test(pid ?? '') && /^\d+$/.test(start);
    return isOwned && !isAlive({ pid: Number(pid), start });
  });
}

function namespaces(): readonly string[] {
  try {
    return readdirSync(FOLDER);
  } catch {
    return [];
  }
}
