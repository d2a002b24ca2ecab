/** A process's place in one hierarchy of control groups, cgroups(7). */
export interface ControlGroup {
  /** `cpu,cpuacct`, `name=systemd`, or '' for the one hierarchy of version 2. */
  readonly hierarchy: string;
  /** `/` is the root, which nobody can end but with the whole host. */
  readonly path: string;
}

/** Parses /proc/PID/cgroup. */
export function parseControlGroups(text: string): readonly ControlGroup[] {
  return text.split('\n').flatMap((line) => {
    const [, hierarchy, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    return hierarchy === undefined || path === undefined ? [] : [{ hierarchy, path }];
  });
}

/**
 * The first group of `daemon` that `other` lives in or below, in any hierarchy: whoever ends that
 * group ends both. The root of a hierarchy counts for nothing, everything lives below it.
 */
export function sharedGroup(daemon: string, other: string): ControlGroup | undefined {
  const others = parseControlGroups(other);
  return parseControlGroups(daemon).find(({ hierarchy, path }) =>
    others.some(
      (one) =>
        path !== '/' &&
        one.hierarchy === hierarchy &&
        (one.path === path || one.path.startsWith(`${path}/`)),
    ),
  );
}

/** The systemd unit in /proc/PID/cgroup (cgroups(7)): `/system.slice/nginx.service`. */
export function unitOf(cgroup: string): string | undefined {
  return /\/([\w@:.\\-]+\.service)(?:\/|$)/m.exec(cgroup)?.[1];
}
