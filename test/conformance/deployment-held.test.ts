import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { deploymentProvider } from '../../src/adapters/providers/deployment/provider.ts';
import { hold, large, restartIn, SECRET, stuckIn, treeOf } from './hold-provider.ts';

hold('deployment', {
  provider: deploymentProvider,
  secret: SECRET,
  spec: (root) => ({ current: join(root, 'current'), restart: restartIn(root) }),
  stuck: (root) => ({
    spec: { current: join(root, 'current'), restart: stuckIn(root) },
    method: 'apply',
  }),
  reading: (root) => treeOf(root, 'current', 'current/'),
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
});
