import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../../base/error.ts';
import type { DaemonUser } from './choose-user.ts';

/** Does something with the user's rights; everything within must be synchronous. */
export function actingAs<Value>(user: DaemonUser, act: () => Value): Value {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.(user.groups);
  process.setegid?.(user.gid);
  process.seteuid?.(user.uid);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

/** The first folder on the way that cannot be entered; undefined when the way is open. */
export function closedFolder(path: string): string | undefined {
  if (path !== '/') {
    const above = closedFolder(dirname(path));
    if (above !== undefined) return above;
  }
  return whyNot(() => fs.statSync(`${path}/.`)) === 'EACCES' ? path : undefined;
}

/** The system's code of what an attempt is refused with; undefined when it works. */
export function whyNot(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === undefined) throw thrown;
    return code;
  }
}
