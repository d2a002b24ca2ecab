import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { commandProvider } from '../../src/adapters/providers/command/provider.ts';
import { hold, large, SECRET, stuckIn, treeOf } from './hold-provider.ts';

hold('command', {
  provider: commandProvider,
  secret: SECRET,
  spec: (root) => ({
    capture: ['cat', join(root, 'flags')],
    apply: ['sh', '-c', `cat > ${join(root, 'flags')} && echo x >> ${join(root, 'restarts')}`],
    verify: ['test', '-s', join(root, 'flags')],
    secret: true,
    disruption: 'restart',
  }),
  stuck: (root) => ({ spec: { capture: stuckIn(root) }, method: 'observe' }),
  meddle: (root) => fs.writeFile(join(root, 'flags'), 'by a colleague'),
  reading: (root) => treeOf(root, 'flags'),
  shape: (root, form) => {
    const content = form === 'one' ? large : Buffer.from(`${SECRET} in ${form}`);
    return fs.writeFile(join(root, 'flags'), content);
  },
});
