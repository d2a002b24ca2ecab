import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { harmless } from '../screen/paint.ts';

/** `lastgood config …`: validates a configuration and prints its schema. */
export const addConfig: AddCommand = (program, bind) => {
  const config = program.command('config').description('the configuration');
  addExamples(config.command('check [file]'), [
    'config check',
    'config check /etc/lastgood/lastgood.yaml',
  ])
    .description('validate; every problem with file:line:column')
    .action(
      bind(async ({ options, screen }, _own: object, [file]) => {
        const { checkConfig } = await import('../../daemon/configuration/check-config.ts');
        const report = checkConfig(file ?? options.config);
        if (screen.isJson) screen.json(report);
        for (const { code, text } of report.problems) {
          screen.out(`error ${code}: ${harmless(text)}`);
        }
        for (const note of report.notes) screen.out(`note: ${harmless(note)}`);
        if (report.ok) screen.out(`${report.file ?? 'no file: the defaults apply'}: valid`);
        return report.ok ? 0 : 2;
      }),
    );
  addExamples(config.command('schema'), ['config schema > lastgood.schema.json'])
    .description('JSON Schema, for editors to complete by')
    .action(
      bind(async () => {
        const { publishedSchema } = await import('../../daemon/configuration/config-schema.ts');
        process.stdout.write(`${JSON.stringify(publishedSchema(), undefined, 2)}\n`);
        return 0;
      }),
    );
};
