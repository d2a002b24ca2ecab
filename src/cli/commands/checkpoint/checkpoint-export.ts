import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { lgError } from '../../../model/errors/lg-error.ts';
import { addExamples } from '../../example.ts';
import type { Bind, Invocation } from '../../invocation.ts';
import { exportedFromDataDirectory, preferringDaemon } from '../../offline/read-without-daemon.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { ExportWriter } from './export-writer.ts';

/** `lastgood checkpoint export`: plain files and how to put them back without us. */
export function addCheckpointExport(checkpoint: Command, bind: Bind): void {
  addExamples(checkpoint.command('export <id> <dir>'), [
    'checkpoint export cp_ef10cd0229c5815fa6897c83 /tmp/export',
  ])
    .description('write plain files with owner and mode, and RESTORE.md with the commands')
    .action(
      bind(async (invocation, _options: object, [id = '', dir = '']) => {
        const folder = resolve(dir);
        await requireEmpty(folder);
        const writer = new ExportWriter(folder);
        await exportInto(writer, id, invocation);
        await writer.end();
        const report = { checkpoint: id, directory: folder, ...writer.report() };
        if (invocation.screen.isJson) invocation.screen.json(report);
        invocation.screen.out(`${report.files} files in ${folder}; begin with RESTORE.md`);
        if (report.notOwned > 0) {
          invocation.screen.note(
            `${report.notOwned} owners could not be set; RESTORE.md has the commands (needs root)`,
          );
        }
        return 0;
      }),
    );
}

async function exportInto(writer: ExportWriter, id: string, invocation: Invocation): Promise<void> {
  const ask = async (): Promise<void> => {
    const entries = remoteDaemon(invocation).exported(id, { signal: invocation.signal });
    for await (const entry of entries) await writer.write(entry);
  };
  const read = async (unreachable: Error): Promise<void> => {
    // A daemon that died half-way has left files: nobody may take them for the whole.
    if (writer.report().files > 0) throw unreachable;
    await exportedFromDataDirectory(invocation, id, (entry) => writer.write(entry));
  };
  await preferringDaemon(invocation, ask, read);
}

async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = await readdir(folder);
  if (there.length === 0) return;
  throw lgError('LG_RUNTIME_TARGET_NOT_EMPTY', `${folder} holds ${there.length} entries`);
}
