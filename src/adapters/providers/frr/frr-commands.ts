import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8 } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { inPrivateFolder } from '../../../local-provider/private-folder.ts';
import { runSuccessfully } from '../../../local-provider/run-successfully.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Applied, ProviderIo } from '../../../ports/provider.ts';
import type { FrrSpec } from './frr-spec.ts';
import {
  fileFor,
  firstDifference,
  readRunning,
  RUNNING_COMMANDS,
  startFile,
  type RunningConfig,
} from './running-config.ts';

/** Some lines only pass once others are gone: each round does what it can. */
const ROUNDS_MAX = 3;

/** What of a refusal is shown. */
const SAID_CHARS = 500;

/** Asks the running daemons. LG_PROVIDER_UNREADABLE when they do not tell a configuration. */
export async function askRunning(spec: FrrSpec, io: ProviderIo): Promise<Result<RunningConfig>> {
  const command = [...vtysh(spec), ...RUNNING_COMMANDS.flatMap((line) => ['-c', line])];
  const ran = await runSuccessfully(command, { timeoutMs: spec.timeout }, io);
  if (!ran.ok) return ran;
  const running = readRunning(fromUtf8(ran.value.stdout));
  if (running !== undefined) return ok(running);
  const what = `\`${command.join(' ')}\` told no whole configuration`;
  return err(lgError('LG_PROVIDER_UNREADABLE', what));
}

/** Why FRR would not understand a configuration; undefined when it would. Changes nothing. */
export async function whyRefused(
  spec: FrrSpec,
  text: string,
  io: ProviderIo,
): Promise<Result<string | undefined>> {
  return inPrivateFolder(io, async (folder) => {
    const file = await writeConfig(spec, folder, text);
    const command = [...vtysh(spec), '--config_dir', folder, '-C', '-f', file];
    const ran = await io.run(command, { timeoutMs: spec.timeout });
    if (!ran.ok) return ran;
    if (ran.value.exitCode === 0) return ok(undefined);
    const said = `${fromUtf8(ran.value.stdout)}${ran.value.stderr}`.trim();
    return ok(hideSecrets(said).slice(0, SAID_CHARS));
  });
}

/**
 * Makes the running configuration what the text says, and looks what came of it: the program exits
 * with 0 also after lines that were refused. The file and its folder take the place of FRR's own,
 * because otherwise that program writes the running configuration over frr.conf.
 */
export async function reloadRunning(spec: FrrSpec, text: string, io: ProviderIo): Promise<Applied> {
  return inPrivateFolder(io, async (folder): Promise<Applied> => {
    let left: string | undefined;
    for (let round = 0; round <= ROUNDS_MAX; round += 1) {
      const running = await askRunning(spec, io);
      if (!running.ok) return { kind: 'unknown', why: running.error.detail };
      if (running.value.text === text) return { kind: 'done' };
      left = firstDifference(running.value.text, text);
      if (round === ROUNDS_MAX) break;
      const file = await writeConfig(spec, folder, fileFor(running.value, text));
      const options = { timeoutMs: spec.timeout };
      const ran = await io.run(reloadCommand(spec, '--reload', folder, file), options);
      if (!ran.ok) return { kind: 'unknown', why: ran.error.detail };
    }
    return { kind: 'unknown', why: hideSecrets(`FRR did not take all of it: ${left ?? ''}`) };
  });
}

/** What a start of FRR with this file would change in what runs, as lines of configuration. */
export async function differenceTo(
  spec: FrrSpec,
  file: string,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  return inPrivateFolder(io, async (folder) => {
    const running = await askRunning(spec, io);
    if (!running.ok) return running;
    const text = startFile(running.value, await fs.readFile(file, 'utf8'));
    const copy = await writeConfig(spec, folder, text);
    const options = { timeoutMs: spec.timeout };
    const ran = await runSuccessfully(reloadCommand(spec, '--test', folder, copy), options, io);
    if (!ran.ok) return ran;
    const lines = fromUtf8(ran.value.stdout).split('\n');
    const begin = lines.findIndex((line) => /^Lines To (Delete|Add)$/.test(line));
    const told = begin < 0 ? [] : lines.slice(begin);
    return ok(told.filter((line) => line.trim() !== '' && !/^(Lines To|===)/.test(line)));
  });
}

/** One call of FRR's program, as a person would give it. */
export function reloadCommand(
  { reloadProgram, binaries, pathspace }: FrrSpec,
  what: '--reload' | '--test',
  folder: string,
  file: string,
): readonly string[] {
  const whose = pathspace === undefined ? [] : ['--pathspace', pathspace];
  const places = ['--bindir', binaries, '--confdir', folder, '--rundir', folder];
  return ['python3', reloadProgram, what, '--stdout', ...whose, ...places, file];
}

/** FRR's shell for the FRR that is meant. */
export function vtysh({ binaries, pathspace }: FrrSpec): readonly string[] {
  return [join(binaries, 'vtysh'), ...(pathspace === undefined ? [] : ['-N', pathspace])];
}

/** Writes the file that FRR's program takes for its own, with the empty one it expects beside. */
async function writeConfig({ pathspace }: FrrSpec, folder: string, text: string): Promise<string> {
  const beside = pathspace === undefined ? folder : join(folder, pathspace);
  await fs.mkdir(beside, { recursive: true });
  await fs.writeFile(join(beside, 'vtysh.conf'), '');
  const file = join(folder, 'frr.conf');
  await fs.writeFile(file, text, { mode: 0o600 });
  return file;
}
