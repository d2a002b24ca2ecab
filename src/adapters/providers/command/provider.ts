import { shellQuote } from '../../../base/shell-quote.ts';
import { sha256 } from '../../../base/hash.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { commandLine } from '../../../filetree/compare/put-back-commands.ts';
import { sameItem } from '../../../model/checkpoint/same-item.ts';
import { foreignChange } from '../../../filetree/foreign-change.ts';
import { itemContent, readItemContent } from '../../../local-provider/item-content.ts';
import { localProvider } from '../../../local-provider/local-provider.ts';
import { runSuccessfully } from '../../../local-provider/run-successfully.ts';
import { stateImage, type StateImage } from '../../../model/checkpoint/capture.ts';
import type { Applied, ApplyTask, Observation, ProviderIo } from '../../../ports/provider.ts';
import { commandChanges, commandPlan, OUTPUT } from './command-changes.ts';
import { commandSpec, type CommandSpec } from './command-spec.ts';

/**
 * Any state that one command prints and another takes back: a device's configuration, a feature
 * flag service, a table. Without `apply` it is compared only.
 */
export const commandProvider = localProvider<CommandSpec>({
  kind: 'command',
  carriesTraffic: false,
  specSchema: commandSpec,
  scope: { same: ['capture'] },
  disruption: ({ disruption }) => disruption,
  changes: commandChanges,
  byHand(spec, { items }, folder) {
    const taken = '# see the configuration for the command that takes it back';
    const [first = taken] = commandLine(spec?.apply);
    return items
      .filter(({ content }) => content !== undefined)
      .map(({ path }) => `${first} < ${shellQuote(folder)}/${shellQuote(path)}`);
  },
  plan: commandPlan,
  traits: ({ idempotent, disruption }) => ({
    atomic: 'none',
    idempotent,
    validateOnTarget: false,
    offline: false,
    dataBearing: disruption === 'data-loss',
  }),
  refusal: async (spec) =>
    spec.apply === undefined
      ? { notRestorableBecause: 'no apply command is configured', comparesOnly: true }
      : undefined,
  look,
  validate,
  apply,
});

async function look(
  spec: CommandSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<Observation>> {
  const ran = await runSuccessfully(spec.capture, { timeoutMs: spec.timeout }, io);
  if (!ran.ok) return ran;
  const content = await itemContent(ran.value.stdout, store, io);
  if (!content.ok) return content;
  const item = {
    path: OUTPUT,
    attributes: { type: 'output' },
    ...content.value,
    ...(spec.secret ? { secret: true as const } : {}),
  };
  const coverage = { included: [spec.capture.join(' ')], excluded: [] };
  return ok({ image: stateImage([item]), unreadable: [], coverage });
}

async function validate(
  spec: CommandSpec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  if (spec.apply === undefined) return ok(['no apply command is configured']);
  const output = desired.items.find(({ path }) => path === OUTPUT);
  if (output === undefined) return ok(['nothing was captured']);
  const missing = await io.missingBlobs(output.content ?? []);
  if (!missing.ok) return missing;
  return ok(missing.value.size === 0 ? [] : ['the captured output is not in the vault']);
}

async function apply(spec: CommandSpec, task: ApplyTask, io: ProviderIo): Promise<Result<Applied>> {
  const output = task.desired.items.find(({ path }) => path === OUTPUT);
  if (spec.apply === undefined || output === undefined) {
    const what = spec.apply === undefined ? 'no apply command' : 'nothing was captured';
    return ok({ kind: 'failed-clean', why: what });
  }
  const content = await readItemContent(output, io);
  if (!content.ok) return ok({ kind: 'failed-clean', why: content.error.detail });
  const input = content.value;
  // The last thing before the command: it overwrites whatever it finds.
  const now = await look(spec, io, false);
  if (!now.ok) return now;
  if (sameItem(now.value.image.items[0], output)) return ok({ kind: 'done' });
  const foreign = foreignChange(task, now.value.image);
  if (foreign !== undefined) return err(foreign);
  const env = { LASTGOOD_PATH: OUTPUT, LASTGOOD_SHA256: sha256(input) };
  const options = { timeoutMs: spec.timeout, env };
  const applied = await runSuccessfully(spec.apply, { ...options, input }, io);
  const ended =
    applied.ok && spec.verify !== undefined
      ? await runSuccessfully(spec.verify, options, io)
      : applied;
  // Nobody knows how far a failed one came.
  return ok(ended.ok ? { kind: 'done' } : { kind: 'unknown', why: ended.error.detail });
}
