/** A small clean environment for commands: nothing of ours, no secrets of whoever started us. */
export function commandEnv(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    PATH: env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: env['HOME'] ?? '/',
    LANG: 'C.UTF-8',
  };
}
