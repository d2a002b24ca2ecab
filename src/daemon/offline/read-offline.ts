import { PROVIDERS } from '../../adapters/registry.ts';
import { knownPrincipals } from '../../api/access/known-principals.ts';
import { TokenRegister } from '../../api/access/token-register.ts';
import { ROUTES, type ExportEntry, type RouteAnswer, type RouteCall } from '../../api/contract.ts';
import { LastgoodError } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { componentsOf, groupsOf } from '../../config/inventory.ts';
import type { Config } from '../../config/schema.ts';
import { soakTime } from '../../config/soak-time.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { Catalogue } from '../../recovery/checkpoint/catalogue.ts';
import { isTerminal } from '../../model/run/run.ts';
import { RunArchive } from '../../recovery/rollback/run-archive.ts';
import { hostClock } from '../host-clock.ts';
import { systemRandom } from '../system-random.ts';
import { exportCheckpoint } from '../recovery/export-checkpoint.ts';
import { Inventory } from '../recovery/inventory.ts';
import { readingIdleFolder, type IdleGround } from './in-idle-folder.ts';
import { offlineConfig } from './offline-config.ts';
import { lookAtDeadMan } from './undriven-run.ts';

/** Whose data directory is read, and what the command line said. */
export interface OfflineReading {
  readonly dataRoot: string;
  readonly configFile: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The calls of the API that the data directory alone can answer. */
type Answers = {
  readonly [Name in (typeof OFFLINE_CALLS)[number]]: (
    input: RouteCall<Name>,
    room: ReadingRoom,
  ) => Promise<Result<RouteAnswer<Name>>>;
};

/** Their names. */
export const OFFLINE_CALLS = [
  'checkpointList',
  'checkpointShow',
  'checkpointExplain',
  'runList',
  'runShow',
  'principalList',
] as const;

/** One of them. */
export type OfflineCall = (typeof OFFLINE_CALLS)[number];

interface ReadingRoom {
  readonly catalogue: Catalogue;
  readonly archive: RunArchive;
  readonly inventory: Inventory;
  readonly vault: IdleGround['stores']['vault'];
  readonly folder: IdleGround['folder'];
  readonly control: IdleGround['stores']['control'];
}

/** Answers a call from a data directory that no daemon uses; changes nothing in it. */
export function readOffline<Name extends OfflineCall>(
  reading: OfflineReading,
  call: Name,
  input: RouteCall<Name>,
): Promise<Result<RouteAnswer<Name>>> {
  const answer: Answers[Name] = ANSWERS[call];
  return inRoom(reading, (room) => answer(input, room));
}

/** Gives a checkpoint as plain files, entry by entry. */
export function exportOffline(
  reading: OfflineReading,
  id: string,
  write: (entry: ExportEntry) => Promise<void>,
): Promise<Result<void>> {
  return inRoom(reading, async ({ catalogue, vault, inventory }) => {
    const view = catalogue.view(id);
    if (!view.ok) return view;
    for await (const entry of exportCheckpoint(view.value, vault, inventory)) await write(entry);
    return ok(undefined);
  });
}

const ANSWERS: Answers = {
  async checkpointList(input, { catalogue }) {
    const { component, limit } = ROUTES.checkpointList.input.parse(input);
    const isHeld = ({ manifest }: CheckpointView): boolean =>
      component === undefined || manifest.captures.some((one) => one.component === component);
    return ok({ checkpoints: catalogue.list().filter(isHeld).slice(0, limit) });
  },
  checkpointShow: async ({ id }, { catalogue }) => catalogue.view(id),
  async checkpointExplain({ id }, { catalogue }) {
    const view = catalogue.view(id);
    return view.ok ? ok({ checkpoint: view.value, facts: catalogue.facts(id) }) : view;
  },
  async runList(input, { archive }) {
    const { limit } = ROUTES.runList.input.parse(input);
    const ids = await archive.ids();
    if (!ids.ok) return ids;
    const newest = ids.value.toReversed().slice(0, limit);
    const read = await Promise.all(newest.map((run) => runView(archive, run)));
    return ok({
      runs: read.flatMap((one) => (one.ok ? [one.value] : [])),
      unread: newest.filter((_run, at) => read[at]?.ok !== true),
    });
  },
  async runShow({ run }, { archive, folder }) {
    const view = await runView(archive, run);
    if (!view.ok || isTerminal(view.value.state)) return view;
    const journalAt = await archive.newestAt(run);
    if (!journalAt.ok) return journalAt;
    const undriven = { journalAt: journalAt.value, ...(await lookAtDeadMan(folder, run)) };
    return ok({ ...view.value, undriven });
  },
  async principalList(_input, { control }) {
    const tokens = await TokenRegister.open({ control, clock: hostClock(), random: systemRandom });
    return tokens.ok ? ok({ principals: knownPrincipals(tokens.value) }) : tokens;
  },
};

async function runView(archive: RunArchive, run: string): Promise<Result<RouteAnswer<'runShow'>>> {
  const record = await archive.recordOf(run);
  return record.ok ? archive.viewOf(record.value) : record;
}

async function inRoom<Answer>(
  reading: OfflineReading,
  work: (room: ReadingRoom) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  return readingIdleFolder(reading, async ({ stores, folder }) => {
    const { control, vault } = stores;
    try {
      const known = await configured(reading, control);
      if (!known.ok) return known;
      const { config, inventory } = known.value;
      const catalogue = new Catalogue(control, () => soakTime(config));
      const loaded = await catalogue.load();
      if (!loaded.ok) return loaded;
      const archive = new RunArchive(control);
      return await work({ catalogue, archive, inventory, vault, folder, control });
    } catch (thrown) {
      // What is damaged is met while it is read.
      if (thrown instanceof LastgoodError) return err(thrown);
      throw thrown;
    } finally {
      await vault.close();
      await control.close();
    }
  });
}

async function configured(
  { configFile }: OfflineReading,
  control: IdleGround['stores']['control'],
): Promise<Result<{ readonly config: Config; readonly inventory: Inventory }>> {
  const loaded = await offlineConfig(configFile, control);
  if (!loaded.ok) return loaded;
  const { config } = loaded.value;
  const inventory = Inventory.of(componentsOf(config), PROVIDERS, groupsOf(config));
  return inventory.ok ? ok({ config, inventory: inventory.value }) : inventory;
}
