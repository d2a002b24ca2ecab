import type { ServiceSpec } from './service-spec.ts';

/** What every call of systemctl begins with: nobody is there to answer or to page. */
export const SYSTEMCTL: readonly string[] = ['systemctl', '--no-ask-password', '--no-pager'];

/** Starts it. */
export function startCommand({ unit, start }: ServiceSpec): readonly string[] {
  return unit === undefined ? (start ?? []) : [...SYSTEMCTL, 'start', '--', unit];
}

/** Stops it. */
export function stopCommand({ unit, stop }: ServiceSpec): readonly string[] {
  return unit === undefined ? (stop ?? []) : [...SYSTEMCTL, 'stop', '--', unit];
}

/** Makes a running service begin anew, one command after the other. */
export function restartCommands(spec: ServiceSpec): readonly (readonly string[])[] {
  const { unit, restart } = spec;
  if (unit !== undefined) return [[...SYSTEMCTL, 'restart', '--', unit]];
  return restart === undefined ? [stopCommand(spec), startCommand(spec)] : [restart];
}
