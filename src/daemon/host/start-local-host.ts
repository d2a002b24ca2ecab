import * as fs from 'node:fs/promises';
import { hostname } from 'node:os';
import type { LocalBus } from '../../adapters/buses/local/local-bus.ts';
import { PROVIDERS } from '../../adapters/registry.ts';
import type { Json } from '../../base/canonical-json.ts';
import { systemCode } from '../../base/error.ts';
import { sortableId } from '../../base/id.ts';
import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { deadManLauncher } from '../deadman/launch-deadman.ts';
import { vaultBlobs } from '../../runner/blob-store.ts';
import { startHostRunner } from '../../runner/host-runner.ts';
import { providerClient } from '../../runner/provider-client.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { RunCommand } from '../../recovery/gate/probe.ts';
import type { Stores } from '../open-stores.ts';
import { hostDisk, type ReserveStanding } from '../recovery-reserve.ts';
import { systemRandom } from '../system-random.ts';
import type { AllowList } from './allow-list.ts';
import { anchorRootFolder } from './anchor-folder.ts';
import { commandEnv } from './command-env.ts';
import { HeldPrograms } from './held-programs.ts';
import { isOwnProgram } from './own-program.ts';
import type { ProgramAsk } from './program-messages.ts';
import { standingOr } from './tell-reserve.ts';

/** The host runner of this machine, as the core reaches it. */
export interface Host {
  readonly client: ProviderClient;
  readonly run: RunCommand;
  /** Hears what the runner publishes. */
  readonly subscribe: Bus['subscribe'];
  /** Runs a program that writes for as long as it lives; see `programAsk`. */
  program(ask: ProgramAsk): Promise<Result<Json>>;
  /** How what it has set aside for recovery stands: the core may not be allowed to look. */
  reserve(): Promise<Result<ReserveStanding>>;
  stop(): Promise<void>;
}

/** Names provider calls for the log. */
export const newCallId = (): string => sortableId('call', Date.now(), systemRandom);

/** Runs the host runner within the core: whoever started us is who touches the host. */
export async function startLocalHost(parts: {
  readonly bus: LocalBus;
  readonly stores: Stores;
  readonly folder: string;
  readonly keyFile: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly refuseProgram: AllowList['refuseProgram'];
  /** What is to be set aside. */
  readonly reserveBytes: number;
}): Promise<Host> {
  const { stores, keyFile, refuseProgram, reserveBytes, folder: path, ...rest } = parts;
  // A host runner that stayed root may work in the same folder another time, and know our captures.
  const anchored = await anchorRootFolder(path);
  const folder = anchored?.folder ?? path;
  const { stop: stopGrowing, standing, ...room } = hostDisk(folder, reserveBytes, parts);
  const name = hostname();
  const runner = await startHostRunner({
    ...rest,
    name,
    folder,
    isMarking: anchored !== undefined,
    providers: PROVIDERS,
    blobs: vaultBlobs(stores.vault),
    ...room,
    keyring: stores.keyring,
    commandEnv: commandEnv(process.env),
    isOurs: isOwnProgram,
    deadMan: deadManLauncher({ folder, path, keyFile }, parts.log),
  }).catch(async (thrown: unknown) => {
    // What is done again and again would keep a process alive that has failed.
    await stopGrowing();
    await anchored?.handle.close();
    throw await asRefusal(thrown, path);
  });
  const programs = new HeldPrograms(parts.clock, refuseProgram);
  return {
    client: providerClient(parts.bus, () => name, newCallId),
    run: (words, options) => runner.run(words, options),
    subscribe: (subject, hear) => parts.bus.subscribe(subject, hear),
    program: (ask) => programs.answer(ask),
    reserve: async () => standingOr(standing),
    async stop() {
      programs.stop();
      await stopGrowing();
      await runner.stop();
      await anchored?.handle.close();
    },
  };
}

/** Root's daemon keeps a folder of its own; who owns only the rest cannot do without it. */
async function asRefusal(thrown: unknown, folder: string): Promise<unknown> {
  if (!['EACCES', 'EPERM'].includes(systemCode(thrown) ?? '')) return thrown;
  const uid = await fs.lstat(folder).then(
    (found) => found.uid,
    () => undefined,
  );
  if (uid === undefined || uid === process.geteuid?.()) return thrown;
  const detail = `the host folder ${folder} is another user's; run this as `;
  const owner = uid === 0 ? 'root' : `user ${uid}`;
  return lgError('LG_RUNTIME_DATA_UNUSABLE', `${detail}${owner}`, thrown);
}
