import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { haproxyProvider } from '../../../src/adapters/providers/haproxy/provider.ts';
import { hold, large, SECRET, stuckIn, treeOf } from '../../conformance/hold-provider.ts';
import { presentProgram } from '../host-program.ts';
import { countedReload, LoadedPlace } from './loaded-place.ts';

const program = presentProgram('haproxy', 'haproxy');

if (program === undefined) {
  test('provider haproxy', (t) => t.skip('SKIPPED: apt-get install haproxy'));
} else {
  hold('haproxy', {
    provider: haproxyProvider,
    secret: SECRET,
    stride: 9,
    spec: (root) => ({ ...specOf(root), reload: countedReload(root, 'USR2') }),
    stuck: (root) => ({ spec: { ...specOf(root), reload: stuckIn(root) }, method: 'apply' }),
    // By the socket: nothing of it is seen in any file.
    meddle: (root) => tell(root, 'set server shop/a weight 99'),
    reading: (root) => treeOf(root, 'etc'),
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.mkdir(etc, { recursive: true });
      await fs.writeFile(join(etc, 'haproxy.cfg'), configText(root, form));
      await fs.writeFile(join(etc, 'site.key'), `${SECRET} of ${form}`);
      if (form === 'one') await fs.writeFile(join(etc, 'blocked.lst'), large);
      else await fs.rm(join(etc, 'blocked.lst'), { force: true });
      const start = [program, '-W', '-D', '-f', join(etc, 'haproxy.cfg'), '-p', `${root}/pid`];
      await new LoadedPlace(root, program).load(start, 'SIGUSR2');
      await tell(root, `set server shop/a weight ${form === 'one' ? 7 : 8}`);
      await tell(root, `set server shop/b state ${form === 'one' ? 'drain' : 'maint'}`);
    },
    end: (root) => new LoadedPlace(root, program).end(),
  });
}

function specOf(root: string): object {
  const etc = join(root, 'etc');
  return {
    paths: [etc],
    program,
    config: [join(etc, 'haproxy.cfg')],
    pidFile: `${root}/pid`,
    settle: '3s',
    socket: `${root}/admin.sock`,
  };
}

async function tell(root: string, line: string): Promise<void> {
  const socket = createConnection({ path: `${root}/admin.sock` });
  socket.resume().end(`${line}\n`);
  await once(socket, 'close');
}

function configText(root: string, form: string): string {
  const extra = form === 'two' ? '  server c 127.0.0.1:1\n' : '';
  return `global
  stats socket ${root}/admin.sock mode 600 level admin
  hard-stop-after 1s
userlist staff
  user bob insecure-password ${SECRET}
defaults
  mode http
  timeout connect 500ms
  timeout client 5s
  timeout server ${form === 'foreign' ? 3 : 2}s
frontend web
  bind unix@${root}/web.sock
  default_backend shop
backend shop
  server a 127.0.0.1:1 weight 100
  server b 127.0.0.1:1 weight 100
${extra}`;
}
