import { filesOf } from '../../../filetree/compare/files-of.ts';
import { commandLine, putBackCommands } from '../../../filetree/compare/put-back-commands.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import { restartCommands, startCommand, stopCommand, systemctl } from './service-commands.ts';
import { ENABLED, RUNNING, wordAt } from './service-image.ts';
import type { ServiceSpec } from './service-spec.ts';

/** Its files first, then whether it starts with the host, then whether it runs. */
export function serviceByHand(
  spec: ServiceSpec | undefined,
  image: StateImage,
  folder: string,
): readonly string[] {
  const files = putBackCommands(folder, filesOf(image).items);
  const running = wordAt(image, RUNNING);
  if (spec === undefined) return [...files, `# it was ${running ?? 'in no known state'}`];
  const { unit } = spec;
  const enabled = wordAt(image, ENABLED);
  const boot = enabled === 'enabled' ? 'enable' : enabled === 'disabled' ? 'disable' : undefined;
  const systemd: readonly (readonly string[])[] =
    unit === undefined
      ? []
      : [
          ...(files.length === 0 ? [] : [systemctl(spec, 'daemon-reload')]),
          ...(boot === undefined ? [] : [systemctl(spec, boot, '--', unit)]),
        ];
  const run = running === 'stopped' ? [stopCommand(spec)] : runAgain(spec, files.length > 0);
  // Whoever comes through the service gives no second line once it was stopped.
  const again = running === undefined ? [] : [run.flatMap(commandLine).join('; ')];
  return [...files, ...systemd.flatMap(commandLine), ...again];
}

/** One that runs keeps running where nothing was put back. */
function runAgain(spec: ServiceSpec, isNew: boolean): readonly (readonly string[])[] {
  return isNew ? restartCommands(spec) : [startCommand(spec)];
}
