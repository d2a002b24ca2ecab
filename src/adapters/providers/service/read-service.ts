import { fromUtf8 } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { treeScope, type TreeScope } from '../../../filetree/compare/tree-scope.ts';
import { readTree, type TreeObservation } from '../../../filetree/read-tree.ts';
import { owedRestart } from '../../../local-provider/restart.ts';
import { commandFailure } from '../../../local-provider/run-successfully.ts';
import { stateImage } from '../../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import { ENABLED, RUNNING, wordItem, type Running } from './service-image.ts';
import type { ServiceSpec } from './service-spec.ts';
import { ownUnitFiles, readUnitFacts, showCommand, type UnitFacts } from './systemd-unit.ts';

/** A service as it is just now, without its files. */
export type ServiceFacts = Pick<UnitFacts, 'running' | 'passing'> & { readonly unit?: UnitFacts };

/** Unit files and settings are small texts; more is a mistake in the paths. */
const FILE_LIMITS = { itemsMax: 10_000, bytesMax: 64 * 1024 * 1024 };

/** The files that belong to the service: their contents are hidden where they hold settings. */
export function serviceScope(spec: ServiceSpec, facts?: ServiceFacts): TreeScope {
  const units = spec.unit === undefined || !spec.unitFiles ? [] : ownUnitFiles(spec, spec.unit);
  const scope = treeScope([...units, ...spec.environment], [], spec.environment);
  const hidden = facts?.unit === undefined || facts.unit.holdsSecrets ? units : [];
  return {
    ...scope,
    hides: (path) =>
      scope.hides(path) ||
      spec.environment.some((root) => path.startsWith(`${root}/`)) ||
      hidden.some((root) => path === root || path.startsWith(`${root}/`)),
  };
}

/** Whether it runs, whether it starts with the host, its files, and what is owed to it. */
export async function readService(
  spec: ServiceSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<TreeObservation>> {
  const asked = await askService(spec, io);
  if (!asked.ok) return asked;
  const facts = asked.value;
  const scope = serviceScope(spec, facts);
  const read = await readTree({ scope, limits: FILE_LIMITS, cacheKey: 'tree', store }, io);
  if (!read.ok) return read;
  const { coverage, image } = read.value;
  const enabled = facts.unit === undefined ? [] : [wordItem(ENABLED, facts.unit.enabled)];
  const owed = await owedRestart(true, io);
  const running = wordItem(RUNNING, facts.running);
  return ok({
    ...read.value,
    image: stateImage([...image.items, running, ...enabled, ...owed]),
    coverage: {
      included: [`${serviceName(spec)}: ${facts.passing}`, ...coverage.included],
      excluded: [...coverage.excluded, ...leftOut(spec, facts)],
    },
  });
}

/** Asks the supervisor. LG_PROVIDER_COMMAND_FAILED when it does not know. */
export async function askService(spec: ServiceSpec, io: ProviderIo): Promise<Result<ServiceFacts>> {
  const { unit, timeout: timeoutMs } = spec;
  const command = unit === undefined ? (spec.status ?? []) : showCommand(spec, unit);
  const ran = await io.run(command, { timeoutMs, env: serviceEnv(spec) });
  if (!ran.ok) return ran;
  if (unit === undefined) {
    const running = lsbState(ran.value.exitCode);
    if (running === undefined) return err(commandFailure(command, ran.value));
    return ok({ running, passing: `its status command exited ${ran.value.exitCode}` });
  }
  const facts =
    ran.value.exitCode === 0 ? readUnitFacts(fromUtf8(ran.value.stdout), spec) : undefined;
  if (facts === undefined) return err(commandFailure(command, ran.value));
  return ok({ ...facts, unit: facts });
}

/** A user's own systemd is found by this variable alone, see pam_systemd(8). */
export function serviceEnv({ user }: ServiceSpec): Readonly<Record<string, string>> {
  const folder = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.geteuid?.()}`;
  return user ? { XDG_RUNTIME_DIR: folder } : {};
}

/** The exit codes of `status` in the Linux Standard Base 5.0, 22.2 "Init Script Actions". */
function lsbState(exitCode: number): Running | undefined {
  if (exitCode === 0) return 'running';
  // Dead with a pid file, dead with a lock file, not running.
  return exitCode <= 3 ? 'stopped' : undefined;
}

/** What people call it. */
export function serviceName(spec: ServiceSpec): string {
  return spec.name ?? spec.unit ?? spec.start?.join(' ') ?? 'service';
}

function leftOut(spec: ServiceSpec, { unit }: ServiceFacts): readonly string[] {
  if (unit === undefined) return [];
  const open = unit.environmentFiles.filter((path) => !spec.environment.includes(path));
  return [
    ...unit.packaged.map((path) => `${path}: a unit file of a package`),
    ...open.map((path) => `${path}: settings of the unit; name it under environment`),
  ];
}
