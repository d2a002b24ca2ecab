import type { z } from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { filesOf } from '../../filetree/compare/files-of.ts';
import { putBackCommands } from '../../filetree/compare/put-back-commands.ts';
import { validateTree } from '../../filetree/validate-tree.ts';
import { fingerprintOf, type StateImage } from '../../model/checkpoint/capture.ts';
import type { Provider, ProviderIo } from '../../ports/provider.ts';
import { localProvider, type Refusal } from '../local-provider.ts';
import { runSuccessfully } from '../run-successfully.ts';
import { treeRefusal } from '../tree-refusal.ts';
import { applyLoaded } from './apply-loaded.ts';
import { checkCopy } from './checked-copy.ts';
import { loadCommand, loadedChanges, loadedPlan } from './loaded-changes.ts';
import type { LoadedProgram } from './loaded-program.ts';
import { loadedScope, type LoadedSpec } from './loaded-spec.ts';
import { lookAtLoaded } from './look-at-loaded.ts';
import { runningOf, withoutSettings } from './running-layer.ts';
import { programOwner } from './running-program.ts';

/**
 * The provider of a program that serves by files it loaded: the files are the persistent layer,
 * what the program works with is the running one. Both are captured, compared and restored, so
 * that after a restart it works as it does now.
 */
export function loadedProvider<Spec extends LoadedSpec>(
  kind: string,
  specSchema: z.ZodType<Spec>,
  program: LoadedProgram<Spec>,
): Provider<Spec> {
  return localProvider<Spec>({
    kind,
    carriesTraffic: false,
    specSchema,
    scope: { more: ['paths', 'socket'], less: ['exclude'] },
    disruption: () => 'reload',
    changes: (state, from, to) => loadedChanges(program, state, from, to),
    byHand(spec, image, folder) {
      const files = putBackCommands(folder, filesOf(image).items);
      if (spec === undefined || runningOf(image) !== 'with these files') return files;
      const settings = program.settings?.commands(spec, withoutSettings(image), image) ?? [];
      const wait = settings.length === 0 ? [] : ['sleep 2 # until it works with them'];
      return [...files, loadCommand(program, spec, image), ...wait, ...settings];
    },
    plan: (spec, now, to) => loadedPlan(program, spec, now, to),
    // What is set in a program again after it loaded its files is between two forms meanwhile.
    traits: () => (program.settings === undefined ? {} : { atomic: 'none' }),
    refusal: async (spec) => (await treeRefusal(loadedScope(spec))) ?? signalRefusal(spec),
    look: (spec, io, store) => lookAtLoaded(program, spec, io, store),
    validate: (spec, desired, io) => validate(program, spec, desired, io),
    apply: (spec, task, io) => applyLoaded(program, spec, task, io),
  });
}

/** Only root and a program's own user may tell it to load its files. */
function signalRefusal({ pidFile, program, reload }: LoadedSpec): Refusal | undefined {
  const uid = process.geteuid?.();
  if (uid === undefined || uid === 0 || reload !== undefined) return undefined;
  const owner = programOwner(pidFile, program);
  if (owner === undefined || owner === uid) return undefined;
  const why = `user ${uid} may not tell ${program} of user ${owner} to load its files`;
  return { notRestorableBecause: why, lacks: { access: 'root' } };
}

async function validate<Spec extends LoadedSpec>(
  program: LoadedProgram<Spec>,
  spec: Spec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const looked = await lookAtLoaded(program, spec, io, false);
  if (!looked.ok) return looked;
  const scope = loadedScope(spec);
  const [now, wanted] = [filesOf(looked.value.image), filesOf(desired)];
  const reasons = [
    ...(await validateTree(scope, now, wanted, io)),
    ...runningReasons(spec, looked.value.image, desired),
  ];
  if (reasons.length > 0 || runningOf(desired) !== 'with these files') return ok(reasons);
  const command = program.check(spec);
  const timeoutMs = spec.timeout;
  // A run waits for both, and neither changes anything.
  const [checked, said] = await Promise.all([
    // What it refuses although it works with it, it would refuse in the middle of a rollback, too.
    runningOf(looked.value.image) === 'with these files'
      ? runSuccessfully(command, { timeoutMs }, io)
      : ok(undefined),
    checkCopy({ scope, now, desired: wanted, command, timeoutMs }, io),
  ]);
  if (!checked.ok) return ok([`no files can be checked here: ${checked.error.detail}`]);
  return ok(said === undefined ? [] : [`${spec.program} refuses these files: ${said}`]);
}

/** What the running layer was then and cannot become again. */
function runningReasons(spec: LoadedSpec, now: StateImage, desired: StateImage): readonly string[] {
  const [is, wanted] = [runningOf(now), runningOf(desired)];
  const { program, start } = spec;
  if (wanted === 'with older files' && fingerprintOf(now) !== fingerprintOf(desired)) {
    return [`${program} had not loaded these files; what it worked with then was not captured`];
  }
  if (wanted === 'with these files' && is === 'stopped' && start === undefined) {
    return [`${program} does not run, and no command under start says how it is started`];
  }
  return [];
}
