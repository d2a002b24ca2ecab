import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lgError } from '../../model/errors/lg-error.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

/** `lastgood demo`: the guided tour, a program of its own that uses us only from outside. */
export const addDemo: AddCommand = (program, bind) => {
  addExamples(program.command('demo'), ['demo', 'demo --stay'])
    .description('the guided tour on a small real shop')
    .option('--stay', 'keep the shop and the UI open at the end')
    .action(
      bind(async ({ options }, { stay }: { readonly stay?: boolean }) => {
        const tour = fileURLToPath(new URL('../../../demo/main.ts', import.meta.url));
        if (!existsSync(tour)) {
          throw lgError(
            'LG_RUNTIME_USAGE',
            'the tour is part of the source checkout, not of the package',
          );
        }
        const args = [
          tour,
          ...(stay === true ? ['--stay'] : []),
          ...(options.json === true ? ['--json'] : []),
        ];
        const child = spawn(process.execPath, args, { stdio: 'inherit' });
        const forward = (name: NodeJS.Signals): boolean => child.kill(name);
        process.on('SIGTERM', forward).on('SIGHUP', forward);
        const [code] = await once(child, 'exit');
        return code === 0 ? 0 : 1;
      }),
    );
};
