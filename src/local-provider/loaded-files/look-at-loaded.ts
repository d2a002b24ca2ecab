import { ok, type Result } from '../../base/result.ts';
import { readTree, type TreeObservation } from '../../filetree/read-tree.ts';
import { stateImage, type StateImage } from '../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../ports/provider.ts';
import { owedRestart } from '../restart.ts';
import type { LoadedProgram } from './loaded-program.ts';
import { awaitMove } from './pending-move.ts';
import { loadedScope, type LoadedSpec } from './loaded-spec.ts';
import { judgeRunning, runningItem, runningOf } from './running-layer.ts';
import { findProgram } from './running-program.ts';

/** Both layers: the files, and what the running program made of them. */
export async function lookAtLoaded<Spec extends LoadedSpec>(
  program: LoadedProgram<Spec>,
  spec: Spec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<TreeObservation>> {
  await awaitMove(spec, io);
  const { itemsMax, bytesMax } = spec;
  const limits = { itemsMax, bytesMax };
  const reading = { scope: loadedScope(spec), limits, cacheKey: 'tree', store };
  const read = await readTree(reading, io);
  if (!read.ok) return read;
  const running = await lookAtRunning(program, spec, read.value.image, io);
  if (!running.ok) return running;
  const { image, coverage } = read.value;
  const said = `${spec.program}: ${runningOf(running.value) ?? 'unknown'}`;
  return ok({
    ...read.value,
    image: stateImage([...image.items, ...running.value.items]),
    coverage: { ...coverage, included: [...coverage.included, said] },
    ...(runningOf(running.value) === 'with older files'
      ? { drift: [`${spec.program} has not loaded its files as they are; a restart would`] }
      : {}),
  });
}

/** The running layer over files that were just read. */
export async function lookAtRunning<Spec extends LoadedSpec>(
  { settings }: LoadedProgram<Spec>,
  spec: Spec,
  files: StateImage,
  io: ProviderIo,
): Promise<Result<StateImage>> {
  const owed = await owedRestart(true, io);
  const found = findProgram(spec.pidFile, spec.program, io.clock);
  const judged = await judgeRunning(found, files, io);
  // Between two halves of a step of ours the owed restart says it all.
  const state = owed.length > 0 && judged !== 'stopped' ? 'with these files' : judged;
  const set =
    settings === undefined || found === undefined ? ok([]) : await settings.read(spec, io);
  if (!set.ok) return set;
  return ok(stateImage([runningItem(state), ...set.value, ...owed]));
}
