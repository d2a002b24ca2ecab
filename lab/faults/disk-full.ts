import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Fault } from './fault.ts';

/** The small disks of the lab hold a few megabytes; nothing larger is ever filled. */
const ballastMegabytesMax = 256;

/** A part's own small file system has no room left. The host's disks are never filled. */
export const diskFull: Fault = {
  name: 'disk-full',
  usage: '--on PART (routers: its logs)',
  summary: "a part's own small file system has no room left",
  options: ['on'],
  plan: async ({ stage, book, option }) => {
    const part = option('on') ?? '';
    const [disk] = book
      .entries()
      .flatMap(({ part: owner, thing }) =>
        owner === part && thing.kind === 'mount' && isMounted(thing.path) ? [thing.path] : [],
      );
    if (disk === undefined) {
      throw new LabFailure(`--on ${part}: that part has no small file system of its own`);
    }
    const ballast = join(disk, 'ballast');
    return {
      what: `no room left on ${disk}`,
      undo: [{ kind: 'command', command: ['rm', '-f', ballast] }],
      make: async () => {
        const size = ['bs=1M', `count=${ballastMegabytesMax}`];
        const { code, stderr } = await stage.attempt([
          'dd',
          'if=/dev/zero',
          `of=${ballast}`,
          ...size,
        ]);
        if (code === 0 || !stderr.includes('No space left')) {
          throw new LabFailure(`${disk} is not full after ${ballastMegabytesMax} MB: ${stderr}`);
        }
      },
    };
  },
};

function isMounted(path: string): boolean {
  const points = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return points.some((line) => line.split(' ')[4] === path);
}
