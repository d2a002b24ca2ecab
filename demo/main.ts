import { parseArgs } from 'node:util';
import { takeTour } from './tour/take-tour.ts';

/**
 * The guided tour: `node demo/main.ts [--stay] [--json]`. `--stay` keeps the shop and the UI open
 * at the end until Ctrl-C; `--json` prints one document on stdout and the story on stderr. Exits 0
 * only when everything happened as claimed, 1 when it did not, 2 on wrong arguments.
 */
async function main(): Promise<number> {
  const options = { stay: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  try {
    const { values } = parseArgs({ options });
    return await takeTour({ stay: values.stay === true, json: values.json === true });
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error;
    if (!isUsage) throw error;
    process.stderr.write(`${error.message}\nusage: demo [--stay] [--json]\n`);
    return 2;
  }
}

process.exit(await main());
