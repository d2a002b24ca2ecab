import { shellQuote } from '../../base/shell-quote.ts';
import { differingItems, treeChange, type ItemPair } from '../../filetree/compare/tree-changes.ts';
import { treeCommands } from '../../filetree/compare/tree-commands.ts';
import type { StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { ProposedStep } from '../../ports/provider.ts';
import type { LoadedProgram } from './loaded-program.ts';
import type { LoadedSpec } from './loaded-spec.ts';
import { RUNNING, runningOf, settingsOf } from './running-layer.ts';

/** What differs: files as files, and what the program made of them in words. */
export function loadedChanges<Spec extends LoadedSpec>(
  { settings }: LoadedProgram<Spec>,
  state: StateSpec,
  from: StateImage,
  to: StateImage,
): readonly Change[] {
  const load = loadDisruption(from, to);
  const isSetting = pathsOf(settingsOf(from), settingsOf(to));
  const words = (item: StateItem | undefined): string | undefined =>
    item?.path === RUNNING ? String(item.attributes['state']) : item && settings?.words(item);
  return differingItems(from, to).map((pair) => {
    const change = treeChange(state, pair, isSetting.has(pair.path) ? 'none' : load);
    if (!isSetting.has(pair.path) && pair.path !== RUNNING) return change;
    const [before, after] = [words(pair.from), words(pair.to)];
    return {
      ...change,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}

/** One step: the files, then the program loads them, then what is set in it. */
export function loadedPlan<Spec extends LoadedSpec>(
  program: LoadedProgram<Spec>,
  spec: Spec,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const isSetting = pathsOf(settingsOf(now), settingsOf(to));
  const loads = needsLoad(program, now, to, pairs);
  const commands = [...treeCommands(pairs.filter(({ path }) => path.startsWith('/')))];
  if (loads) commands.push(told(program.check(spec)), loadCommand(program, spec, now));
  if (runningOf(to) === 'stopped' && runningOf(now) !== 'stopped') {
    commands.push(signalCommand(spec, program.signals.stop));
  }
  commands.push(...(program.settings?.commands(spec, now, to) ?? []));
  // A program that loads its files forgets what was set in it, so all of that is set again.
  const paths = new Set([...pairs.map(({ path }) => path), ...(loads ? isSetting : [])]);
  const isQuiet = !loads && pairs.every(({ path }) => isSetting.has(path));
  const disruption = isQuiet ? 'none' : loadDisruption(now, to);
  return [{ paths: [...paths].toSorted(), commands, disruption }];
}

/** How the files are loaded, as a line for a shell. */
export function loadCommand<Spec extends LoadedSpec>(
  { signals }: LoadedProgram<Spec>,
  spec: Spec,
  now: StateImage,
): string {
  if (runningOf(now) === 'stopped') {
    return spec.start === undefined ? `# start ${spec.program}` : told(spec.start);
  }
  return spec.reload === undefined ? signalCommand(spec, signals.reload) : told(spec.reload);
}

function needsLoad<Spec extends LoadedSpec>(
  { settings }: LoadedProgram<Spec>,
  now: StateImage,
  to: StateImage,
  pairs: readonly ItemPair[],
): boolean {
  if (runningOf(to) !== 'with these files') return false;
  const isSetting = pathsOf(settingsOf(now), settingsOf(to));
  return pairs.some(({ path }) => !isSetting.has(path)) || settings?.needsLoad(now, to) === true;
}

/** A program goes on serving while it loads; one that is stopped or started does not. */
function loadDisruption(from: StateImage, to: StateImage): Change['disruption'] {
  const [before, after] = [runningOf(from), runningOf(to)];
  return before !== after && [before, after].includes('stopped') ? 'restart' : 'reload';
}

function signalCommand({ pidFile }: LoadedSpec, signal: NodeJS.Signals): string {
  return `kill -${signal.slice(3)} "$(cat ${shellQuote(pidFile)})"`;
}

function told(command: readonly string[]): string {
  return command.map(shellQuote).join(' ');
}

function pathsOf(...images: readonly StateImage[]): ReadonlySet<string> {
  return new Set(images.flatMap(({ items }) => items.map(({ path }) => path)));
}
