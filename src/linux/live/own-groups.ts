import { readFileSync } from 'node:fs';

/** The control groups this process lives in, as `parseControlGroups` reads them. */
export function ownControlGroups(): string {
  return readFileSync('/proc/self/cgroup', 'utf8');
}
