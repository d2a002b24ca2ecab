import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nginxProvider } from '../../../src/adapters/providers/nginx/provider.ts';
import { hold, large, SECRET, stuckIn, treeOf } from '../../conformance/hold-provider.ts';
import { presentProgram } from '../host-program.ts';
import { countedReload, LoadedPlace } from './loaded-place.ts';

const program = presentProgram('nginx', 'nginx-light');

if (program === undefined) {
  test('provider nginx', (t) => t.skip('SKIPPED: apt-get install nginx-light'));
} else {
  hold('nginx', {
    provider: nginxProvider,
    secret: SECRET,
    stride: 9,
    spec: (root) => ({ ...specOf(root), reload: countedReload(root, 'HUP') }),
    stuck: (root) => ({ spec: { ...specOf(root), reload: stuckIn(root) }, method: 'apply' }),
    meddle: (root) => fs.writeFile(join(root, 'etc', 'site.conf'), '# by a colleague\n'),
    reading: (root) => treeOf(root, 'etc'),
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.mkdir(etc, { recursive: true });
      await fs.writeFile(join(etc, 'nginx.conf'), mainText(root));
      await fs.writeFile(join(etc, 'site.conf'), siteText(root, form));
      await fs.writeFile(join(etc, 'site.key'), `${SECRET} of ${form}`);
      if (form === 'one') await fs.writeFile(join(etc, 'large.html'), large);
      else await fs.rm(join(etc, 'large.html'), { force: true });
      const start = [program, '-p', root, '-c', join(etc, 'nginx.conf'), '-e', `${root}/log`];
      await new LoadedPlace(root, program).load(start, 'SIGHUP');
    },
    end: (root) => new LoadedPlace(root, program).end(),
  });
}

function specOf(root: string): object {
  const etc = join(root, 'etc');
  return {
    paths: [etc],
    program,
    prefix: root,
    config: join(etc, 'nginx.conf'),
    pidFile: `${root}/pid`,
    settle: '3s',
  };
}

/** A unix socket: whether the files are good must not depend on the network. */
function siteText(root: string, form: string): string {
  return `server { listen unix:${root}/web.sock; location / { return 200 "${form}"; } }\n`;
}

function mainText(root: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `pid ${root}/pid;
error_log ${root}/log;
worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  ${paths.map((name) => `${name}_temp_path ${root}/${name};`).join('\n  ')}
  include site.conf;
}
`;
}
