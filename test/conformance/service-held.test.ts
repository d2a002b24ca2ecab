import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { serviceProvider } from '../../src/adapters/providers/service/provider.ts';
import { hold, large, SECRET, stuckIn } from './hold-provider.ts';
import { control, endService, writeControl } from './small-service.ts';

hold('service', {
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
});
