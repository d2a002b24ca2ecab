import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { commandProvider } from '../../src/adapters/providers/command/provider.ts';
import { deploymentProvider } from '../../src/adapters/providers/deployment/provider.ts';
import { filesProvider } from '../../src/adapters/providers/files/provider.ts';
import { serviceProvider } from '../../src/adapters/providers/service/provider.ts';
import { testProvider } from '../../src/testing/provider-conformance.ts';
import { LARGE_BYTES, makeSubject } from './provider-subject.ts';
import { control, endService, writeControl } from './small-service.ts';

const SECRET = 'hunter2-of-the-house';

/** Content that does not compress, so that a full disk is full for it. */
const large = randomBytes(LARGE_BYTES);

/** Counts a restart. */
function restartIn(root: string): readonly string[] {
  return ['sh', '-c', `echo restarted >> ${join(root, 'restarts')}`];
}

/** Never ends, has a child that does not either, and says who it is. */
function stuckIn(root: string): readonly string[] {
  const pids = join(root, 'pids');
  return ['sh', '-c', `echo $$ >> ${pids}; sleep 600 & echo $! >> ${pids}; wait`];
}

testProvider('files', () =>
  makeSubject({
    provider: filesProvider,
    secret: SECRET,
    spec: (root) => ({
      paths: [join(root, 'etc'), join(root, '*.conf')],
      restart: restartIn(root),
    }),
    stuck: (root) => ({
      spec: { paths: [join(root, 'etc'), join(root, '*.conf')], restart: stuckIn(root) },
      method: 'apply',
    }),
    meddle: (root) => fs.writeFile(join(root, 'app.conf'), 'by a colleague'),
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.rm(etc, { recursive: true, force: true });
      await fs.mkdir(join(etc, 'sub'), { recursive: true });
      await fs.writeFile(join(etc, 'same'), 'the same in all forms');
      await fs.writeFile(join(etc, '.env'), `PASSWORD=${form === 'one' ? SECRET : `${SECRET}2`}`);
      await fs.writeFile(join(root, 'app.conf'), form === 'foreign' ? 'by hand' : `form=${form}`);
      if (form === 'one') {
        await fs.writeFile(join(etc, 'large'), large, { mode: 0o640 });
        await fs.writeFile(join(etc, 'sub', 'deep'), 'deep');
        await fs.symlink('sub/deep', join(etc, 'link'));
        await fs.mkdir(join(etc, 'swapped'));
      } else {
        await fs.symlink('same', join(etc, 'link'));
        await fs.writeFile(join(etc, 'swapped'), 'a file where form one has a folder');
        await fs.writeFile(join(etc, 'new'), 'not there in form one');
        await fs.chmod(join(etc, 'sub'), 0o700);
      }
    },
  }),
);

testProvider('deployment', () =>
  makeSubject({
    provider: deploymentProvider,
    secret: SECRET,
    spec: (root) => ({ current: join(root, 'current'), restart: restartIn(root) }),
    stuck: (root) => ({
      spec: { current: join(root, 'current'), restart: stuckIn(root) },
      method: 'apply',
    }),
    async meddle(root) {
      await fs.symlink(join('releases', 'v3'), join(root, 'next'));
      await fs.rename(join(root, 'next'), join(root, 'current'));
    },
    async shape(root, form) {
      const release = form === 'one' ? 'v1' : 'v2';
      const folder = join(root, 'releases', release);
      // The other release is pruned, as deployment tools do: going back must not need it.
      await fs.rm(join(root, 'releases'), { recursive: true, force: true });
      await fs.mkdir(join(folder, 'lib'), { recursive: true });
      await fs.writeFile(join(folder, 'release.json'), JSON.stringify({ version: release }));
      await fs.writeFile(join(folder, '.env'), `TOKEN=${SECRET}${release}`);
      await fs.writeFile(join(folder, 'lib', 'main.js'), form === 'one' ? large : `// ${form}`);
      await fs.rm(join(root, 'current'), { force: true });
      await fs.symlink(join('releases', release), join(root, 'current'));
    },
  }),
);

testProvider('command', () =>
  makeSubject({
    provider: commandProvider,
    secret: SECRET,
    spec: (root) => ({
      capture: ['cat', join(root, 'flags')],
      apply: ['sh', '-c', `cat > ${join(root, 'flags')} && echo x >> ${join(root, 'restarts')}`],
      verify: ['test', '-s', join(root, 'flags')],
      secret: true,
    }),
    stuck: (root) => ({ spec: { capture: stuckIn(root) }, method: 'observe' }),
    meddle: (root) => fs.writeFile(join(root, 'flags'), 'by a colleague'),
    shape: (root, form) => {
      const content = form === 'one' ? large : Buffer.from(`${SECRET} in ${form}`);
      return fs.writeFile(join(root, 'flags'), content);
    },
  }),
);

testProvider('service', () =>
  makeSubject({
    provider: serviceProvider,
    secret: SECRET,
    spec: (root) => ({
      name: 'shop',
      start: control(root, 'start'),
      stop: control(root, 'stop'),
      status: control(root, 'status'),
      environment: [join(root, 'settings')],
    }),
    stuck: (root) => ({
      spec: {
        start: control(root, 'start'),
        stop: control(root, 'stop'),
        status: stuckIn(root),
      },
      method: 'observe',
    }),
    meddle: (root) => fs.writeFile(join(root, 'settings'), 'by a colleague'),
    async shape(root, form) {
      await writeControl(root);
      const content = form === 'one' ? large : `TOKEN=${SECRET} in ${form}`;
      await fs.writeFile(join(root, 'settings'), content);
      const [program = '', ...words] = control(root, form === 'one' ? 'start' : 'stop');
      execFileSync(program, words);
    },
    end: endService,
  }),
);
