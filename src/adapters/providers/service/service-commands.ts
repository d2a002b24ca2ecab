import type { ServiceSpec } from './service-spec.ts';

/** One call of systemctl: nobody is there to answer or to page. */
export function systemctl({ user }: ServiceSpec, ...words: readonly string[]): readonly string[] {
  const whose = user ? ['--user'] : [];
  return ['systemctl', ...whose, '--no-ask-password', '--no-pager', ...words];
}

/** Starts it. */
export function startCommand(spec: ServiceSpec): readonly string[] {
  const { unit, start } = spec;
  return unit === undefined ? (start ?? []) : systemctl(spec, 'start', '--', unit);
}

/** Stops it. */
export function stopCommand(spec: ServiceSpec): readonly string[] {
  const { unit, stop } = spec;
  return unit === undefined ? (stop ?? []) : systemctl(spec, 'stop', '--', unit);
}

/** Makes a running service begin anew, one command after the other. */
export function restartCommands(spec: ServiceSpec): readonly (readonly string[])[] {
  const { unit, restart } = spec;
  if (unit !== undefined) return [systemctl(spec, 'restart', '--', unit)];
  return restart === undefined ? [stopCommand(spec), startCommand(spec)] : [restart];
}
