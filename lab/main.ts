import { parseArgs } from 'node:util';
import { down } from './commands/down.ts';
import { fault } from './commands/fault.ts';
import type { LabCommand } from './commands/lab-call.ts';
import { listParts } from './commands/list-parts.ts';
import { orders } from './commands/orders.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';
import { faultOptions } from './faults/fault.ts';
import { LabFailure } from './stage/lab-failure.ts';
import { stagePlace } from './stage/stage-place.ts';

import {
  insideVariable,
  makeUserWorld,
  removeUserWorld,
  runInside,
} from './unprivileged/user-world.ts';

const usage = `usage: npm run lab -- COMMAND [options]
  up [PART…] [--without PART]   bring the stage up, or the parts named with all they need
  down                          remove everything the stage has made
  status                        use every part and say what was seen
  fault list                    the faults there are and those that stand
  fault NAME [options]          break something, its undo on disk first
  fault clear [NAME]            undo the faults that stand, the last first
  orders                        what became of all orders; exits 1 when one was lost
  parts                         list the parts
options: --prefix NAME (default lgd)  --unprivileged  --json
`;

const commands: Readonly<Record<string, LabCommand>> = {
  up,
  down,
  status,
  fault,
  orders,
  parts: listParts,
};

const faultOptionTypes = {
  on: { type: 'string' },
  of: { type: 'string' },
  by: { type: 'string' },
  percent: { type: 'string' },
  bytes: { type: 'string' },
  table: { type: 'string' },
} as const;

const optionTypes = {
  prefix: { type: 'string', default: 'lgd' },
  without: { type: 'string', multiple: true },
  unprivileged: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...faultOptionTypes,
} as const;

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ options: optionTypes, allowPositionals: true });
    const [name = '', ...words] = positionals;
    const command = commands[name];
    if (command === undefined) {
      process.stderr.write(usage);
      return 2;
    }
    const isInside = process.env[insideVariable] !== undefined;
    const isUnprivileged = values.unprivileged || isInside || process.getuid?.() !== 0;
    const place = stagePlace(values.prefix, isUnprivileged);
    const given = faultOptions.flatMap((option) => {
      const value = values[option];
      return value === undefined ? [] : [[option, value] as const];
    });
    const without = values.without ?? [];
    if (isUnprivileged && !isInside) {
      if (name === 'up') await makeUserWorld(place);
      if (name !== 'down') return await runInside(place);
      await removeUserWorld(place);
    }
    const answer = await command({ place, words, without, faultOptions: new Map(given) });
    const text = values.json ? JSON.stringify(answer.document) : answer.lines.join('\n');
    process.stdout.write(`${text}\n`);
    return answer.code;
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error;
    if (!isUsage && !(error instanceof LabFailure)) throw error;
    process.stderr.write(`lab: ${error.message}\n${isUsage ? usage : ''}`);
    return isUsage ? 2 : 1;
  }
}

process.exitCode = await main();
