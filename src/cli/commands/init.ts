import { counted } from '../../base/counted.ts';
import { unwrap } from '../../base/result.ts';
import { defaultDataRoot } from '../../config/data-folder.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { harmless } from '../screen/paint.ts';

interface InitOwnOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `lastgood init`: a commented configuration from what runs on this host. */
export const addInit: AddCommand = (program, bind) => {
  addExamples(program.command('init'), [
    'init --dry-run',
    'init --config /etc/lastgood/lastgood.yaml',
  ])
    .description('write a commented, working lastgood.yaml from what is found on this host')
    .option('--force', 'overwrite a configuration that is there')
    .option('--dry-run', 'print it instead of writing it')
    .action(
      bind(async ({ options, env, signal, screen }, own: InitOwnOptions) => {
        const { initConfig } = await import('../../daemon/configuration/init-config.ts');
        const dryRun = own.dryRun === true;
        const report = unwrap(
          await initConfig({
            file: options.config,
            force: own.force === true,
            dryRun,
            dataRoot: options.data ?? defaultDataRoot(env, process.getuid?.() === 0),
            env,
            signal,
          }),
        );
        if (screen.isJson) screen.json(report);
        if (dryRun) screen.out(report.text.trimEnd());
        else screen.out(`wrote ${report.file}: ${counted(report.components.length, 'component')}`);
        for (const { name, why } of dryRun ? [] : report.components) {
          screen.out(`  ${harmless(name)}: ${harmless(why)}`);
        }
        for (const remark of report.remarks) screen.note(`not looked at: ${harmless(remark)}`);
        if (!dryRun) screen.note('next: lastgood config check, then lastgood up');
        return 0;
      }),
    );
};
