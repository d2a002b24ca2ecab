/**
 * What /proc/sys holds beside settings, each for its reason. Names are those of sysctl(8): parts
 * divided by dots, and a slash where a part itself has a dot.
 */
const NO_SETTINGS: readonly RegExp[] = [
  /^fs\.(dentry-state|file-nr|inode-nr|inode-state|aio-nr|quota\.)/, // Counters.
  /^fs\.binfmt_misc(\.|$)/, // Mounted by looking at it.
  /^kernel\.random\./, // A new random number or the entropy of this moment at every reading.
  /^kernel\.(ns_last_pid|pty\.nr|sched_domain\.|tainted_)/, // Counters and measured values.
  /^kernel\.perf_(event_max_sample_rate|cpu_time_max_percent)$/, // The kernel lowers them itself.
  /^vm\.stat_refresh$/, // Reading it makes every processor fold its counters.
  /^net\.netfilter\.nf_conntrack_(count|buckets)$/, // How many there are now.
  /^net\.ipv[46]\.route\.flush$/, // An order, no value.
  /^net\.mptcp\.scheduler$|^sunrpc\.transports$|^dev\.cdrom\.info$/, // Reports of several lines.
];

/** Whether a name of /proc/sys stands for a counter, a report or an order. */
export function isNoSetting(name: string): boolean {
  return NO_SETTINGS.some((pattern) => pattern.test(name));
}

/** Whether the value is a key that must not be shown. */
export function isSecretSetting(name: string): boolean {
  return /(secret|fastopen_key|\.key$)/.test(name);
}

/** The name of a setting by its path below /proc/sys, and the other way round. */
export function swapDotsAndSlashes(text: string): string {
  return text.replaceAll(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
}

/** One assignment of a file of sysctl.d(5). */
export interface Assignment {
  /** The name; `*` in it stands for any characters of one part. */
  readonly name: string;
  readonly value: string;
}

/** The assignments of a file of sysctl.d(5) in order; what is none is passed over. */
export function readAssignments(text: string): readonly Assignment[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*-?\s*([^#;\s=][^\s=]*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, key = '', value = ''] = match ?? [];
    if (match === null) return [];
    // Where the first mark is a slash, slashes divide the parts.
    const isPath = /^[^.]*\//.test(key);
    return [{ name: isPath ? swapDotsAndSlashes(key) : key, value }];
  });
}
