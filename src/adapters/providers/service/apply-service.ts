import { setTimeout as delay } from 'node:timers/promises';
import { err, unwrap, type Result } from '../../../base/result.ts';
import { filesOf } from '../../../filetree/compare/files-of.ts';
import { ForeignChange } from '../../../filetree/expected-item.ts';
import { writeTree } from '../../../filetree/write-tree.ts';
import { foreignChange } from '../../../filetree/foreign-change.ts';
import { changeAndNotice } from '../../../local-provider/restart.ts';
import { runSuccessfully } from '../../../local-provider/run-successfully.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../../ports/provider.ts';
import {
  askService,
  readService,
  serviceEnv,
  serviceName,
  serviceScope,
  type ServiceFacts,
} from './read-service.ts';
import { restartCommands, startCommand, stopCommand } from './service-commands.ts';
import { ENABLED, RUNNING, wordAt } from './service-image.ts';
import type { ServiceSpec } from './service-spec.ts';
import { enableCommands, reloadCommand } from './systemd-unit.ts';

/** Between two looks at a service that is on its way. */
const LOOK_MS = 100;

/** A service that dies at once is seen to live for less than this. */
const STEADY_MS = 300;

/**
 * Brings files, start with the host, and running to their desired form, in this order. That a
 * restart is owed is noted before the first file changes and forgotten once the service runs (or
 * is stopped) with them. Applying twice is applying once.
 */
export async function applyService(
  spec: ServiceSpec,
  task: ApplyTask,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const now = await readService(spec, io, false);
  if (!now.ok) return now;
  const foreign = foreignChange(task, now.value.image);
  if (foreign !== undefined) return err(foreign);
  const { desired, paths } = task;
  const writing = {
    scope: serviceScope(spec),
    now: filesOf(now.value.image),
    stampAt: now.value.stampAt,
    desired: filesOf(desired),
  };
  return changeAndNotice(
    {
      owes: true,
      change(beforeChange) {
        const beforeFiles = async (): Promise<void> => {
          await requireSameService(spec, now.value.image, io);
          await beforeChange();
        };
        return writeTree({ ...writing, beforeChange: beforeFiles }, paths, io);
      },
      async notice(isOwed) {
        const why =
          (await enable(spec, desired, isOwed, io)) ?? (await move(spec, desired, isOwed, io));
        return why === undefined ? { kind: 'done' } : { kind: 'unknown', why };
      },
    },
    io,
  );
}

/** Files took a while to prepare: somebody may have started, stopped or enabled it meanwhile. */
async function requireSameService(
  spec: ServiceSpec,
  looked: StateImage,
  io: ProviderIo,
): Promise<void> {
  const { running, unit } = unwrap(await askService(spec, io));
  if (running !== wordAt(looked, RUNNING)) {
    throw new ForeignChange(`${serviceName(spec)} is ${running} by somebody else's doing`);
  }
  if (unit !== undefined && unit.enabled !== wordAt(looked, ENABLED)) {
    throw new ForeignChange(`${serviceName(spec)} is ${unit.enabled} by somebody else's doing`);
  }
}

/** Lets systemd read changed unit files, then whether the unit starts with the host. */
async function enable(
  spec: ServiceSpec,
  desired: StateImage,
  isOwed: boolean,
  io: ProviderIo,
): Promise<string | undefined> {
  const { unit } = spec;
  if (unit === undefined) return undefined;
  const before = await askService(spec, io);
  if (!before.ok) return before.error.detail;
  if (isOwed || before.value.unit?.isOutdated === true) {
    const why = await carryOut([reloadCommand(spec)], spec, io);
    if (why !== undefined) return why;
  }
  const facts = await askService(spec, io);
  if (!facts.ok) return facts.error.detail;
  const [is, will] = [facts.value.unit?.enabled ?? '', wordAt(desired, ENABLED)];
  if (will === undefined || is === will) return undefined;
  const commands = enableCommands(spec, unit, is, will);
  if (commands.length > 0) return carryOut(commands, spec, io);
  return `${unit} is ${is}, and no command makes it ${will}`;
}

async function move(
  spec: ServiceSpec,
  desired: StateImage,
  isOwed: boolean,
  io: ProviderIo,
): Promise<string | undefined> {
  const wanted = wordAt(desired, RUNNING);
  const facts = await askService(spec, io);
  if (!facts.ok) return facts.error.detail;
  const { running } = facts.value;
  if (wanted === undefined || (running === wanted && (wanted === 'stopped' || !isOwed))) {
    return undefined;
  }
  const restart = running === 'running' ? restartCommands(spec) : [startCommand(spec)];
  const commands = wanted === 'stopped' ? [stopCommand(spec)] : restart;
  return (await carryOut(commands, spec, io)) ?? settled(spec, wanted, io);
}

/** Waits until the service is, and stays for a moment, as wanted; why it is not, otherwise. */
async function settled(
  spec: ServiceSpec,
  wanted: string,
  io: ProviderIo,
): Promise<string | undefined> {
  const startedMs = io.clock.uptimeMs();
  let since: number | undefined;
  for (;;) {
    const facts = await askService(spec, io);
    const nowMs = io.clock.uptimeMs();
    since = facts.ok && facts.value.running === wanted ? (since ?? nowMs) : undefined;
    if (since !== undefined && (wanted === 'stopped' || nowMs - since >= STEADY_MS)) {
      return undefined;
    }
    if (nowMs - startedMs > spec.settle) return whyNotSettled(spec, wanted, facts);
    await delay(LOOK_MS, undefined, { signal: io.signal });
  }
}

function whyNotSettled(spec: ServiceSpec, wanted: string, facts: Result<ServiceFacts>): string {
  const seen = facts.ok ? `${facts.value.running}: ${facts.value.passing}` : facts.error.detail;
  return `${serviceName(spec)} is not ${wanted} after ${spec.settle} ms, but ${seen}`;
}

async function carryOut(
  commands: readonly (readonly string[])[],
  spec: ServiceSpec,
  io: ProviderIo,
): Promise<string | undefined> {
  for (const command of commands) {
    const options = { timeoutMs: spec.timeout, env: serviceEnv(spec) };
    const ran = await runSuccessfully(command, options, io);
    if (!ran.ok) return ran.error.detail;
  }
  return undefined;
}
