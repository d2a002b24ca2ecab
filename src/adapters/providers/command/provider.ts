import { concatBytes } from '../../../base/bytes.ts';
import { sha256 } from '../../../base/hash.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { sameItem } from '../../../filetree/compare/tree-item.ts';
import { hostIdentity } from '../../../filetree/host-identity.ts';
import { hashOf } from '../../../filetree/read-content.ts';
import { stateImage, type BlobHash, type StateImage } from '../../../model/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { hideSecrets } from '../../../model/secret-text.ts';
import type {
  Applied,
  Observation,
  Provider,
  ProviderCapabilities,
  ProviderIo,
  RunOutput,
} from '../../../ports/provider.ts';
import { BLOB_BYTES_MAX } from '../../../ports/vault.ts';
import { commandChanges, commandPlan, OUTPUT } from './command-changes.ts';
import { commandSpec, type CommandSpec } from './command-spec.ts';

/** What of a failing command's words is kept. */
const STDERR_CHARS = 500;

/**
 * Any state that one command prints and another takes back: a device's configuration, a feature
 * flag service, a table. Without `apply` it is compared only.
 */
export const commandProvider: Provider<CommandSpec> = {
  kind: 'command',
  version: 1,
  specSchema: commandSpec,
  related: () => [],
  writers: () => [],
  diff: commandChanges,
  plan: commandPlan,
  capabilities,
  identify: async (_spec, io) => ok(hostIdentity(io)),
  observe: (spec, io) => look(spec, io, false),
  capture: (spec, io) => look(spec, io, true),
  validate,
  apply,
};

async function capabilities(spec: CommandSpec): Promise<Result<ProviderCapabilities>> {
  const restorable = spec.apply !== undefined;
  return ok({
    atomic: 'none',
    idempotent: spec.idempotent,
    confirm: 'none',
    confirmSurvives: [],
    validateOnTarget: false,
    exactness: 'bytes',
    disruption: spec.disruption,
    partial: false,
    offline: false,
    dataBearing: spec.disruption === 'data-loss',
    restorable,
    ...(restorable
      ? {}
      : { notRestorableBecause: 'no apply command is configured', comparesOnly: true }),
  });
}

async function look(
  spec: CommandSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<Observation>> {
  const ran = await io.run(spec.capture, { timeoutMs: spec.timeout });
  if (!ran.ok) return ran;
  if (ran.value.exitCode !== 0) {
    return err(lgError('LG_PROVIDER_COMMAND_FAILED', failure(spec.capture, ran.value)));
  }
  const { stdout } = ran.value;
  const content: BlobHash[] = [];
  for (let at = 0; at < stdout.length; at += BLOB_BYTES_MAX) {
    const chunk = stdout.subarray(at, at + BLOB_BYTES_MAX);
    if (!store) content.push(hashOf(chunk));
    else {
      const stored = await io.putBlob(chunk);
      if (!stored.ok) return stored;
      content.push(stored.value);
    }
  }
  const item = {
    path: OUTPUT,
    attributes: { type: 'output' },
    content,
    size: stdout.length,
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

async function apply(
  spec: CommandSpec,
  desired: StateImage,
  _paths: readonly string[],
  io: ProviderIo,
): Promise<Result<Applied>> {
  const output = desired.items.find(({ path }) => path === OUTPUT);
  if (spec.apply === undefined || output === undefined) {
    const what = spec.apply === undefined ? 'no apply command' : 'nothing was captured';
    return ok({ kind: 'failed-clean', why: what });
  }
  const now = await look(spec, io, false);
  if (now.ok && sameItem(now.value.image.items[0], output)) return ok({ kind: 'done' });
  const parts: Uint8Array[] = [];
  for (const hash of output.content ?? []) {
    const blob = await io.getBlob(hash);
    if (!blob.ok) return ok({ kind: 'failed-clean', why: blob.error.detail });
    parts.push(blob.value);
  }
  const input = concatBytes(parts);
  const env = { LASTGOOD_PATH: OUTPUT, LASTGOOD_SHA256: sha256(input) };
  const problem =
    (await attempt(spec.apply, { timeoutMs: spec.timeout, input, env }, io)) ??
    (spec.verify && (await attempt(spec.verify, { timeoutMs: spec.timeout, env }, io)));
  return ok(problem === undefined ? { kind: 'done' } : { kind: 'unknown', why: problem });
}

/** Runs a command; why it failed, if it did. Nobody knows how far a failed one came. */
async function attempt(
  command: readonly string[],
  options: Parameters<ProviderIo['run']>[1],
  io: ProviderIo,
): Promise<string | undefined> {
  const ran = await io.run(command, options);
  if (!ran.ok) return ran.error.detail;
  return ran.value.exitCode === 0 ? undefined : failure(command, ran.value);
}

function failure(command: readonly string[], { exitCode, stderr }: RunOutput): string {
  const said = hideSecrets(stderr.trim().slice(-STDERR_CHARS));
  return `\`${hideSecrets(command.join(' '))}\` exited ${exitCode}: ${said}`;
}
