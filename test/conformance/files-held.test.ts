import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { filesProvider } from '../../src/adapters/providers/files/provider.ts';
import { hold, large, restartIn, SECRET, stuckIn, treeOf } from './hold-provider.ts';

hold('files', {
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
  reading: (root) => treeOf(root, 'etc', 'app.conf'),
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
});
