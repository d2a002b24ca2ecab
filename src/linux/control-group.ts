/** The systemd unit in /proc/PID/cgroup (cgroups(7)): `/system.slice/nginx.service`. */
export function unitOf(cgroup: string): string | undefined {
  return /\/([\w@:.\\-]+\.service)(?:\/|$)/m.exec(cgroup)?.[1];
}
