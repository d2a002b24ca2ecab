import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandProvider } from '../../src/adapters/providers/command/provider.ts';
import { hostProvider } from '../../src/adapters/providers/host/provider.ts';
import type { Provider } from '../../src/ports/provider.ts';
import {
  testComparedProvider,
  type ComparedSubject,
} from '../../src/testing/compared-provider-conformance.ts';
import { startHost } from './provider-host.ts';

const SECRET = 'hunter2-of-the-house';

/** What sets one subject apart; `root` is its own empty folder. */
interface Parts {
  readonly provider: Provider<unknown>;
  readonly differing: string;
  spec(root: string): unknown;
  shape(root: string, form: 'one' | 'two'): Promise<void>;
}

async function subjectOf({ provider, differing, spec, shape }: Parts): Promise<ComparedSubject> {
  const home = await fs.mkdtemp(join(tmpdir(), `lastgood-${provider.kind}-`));
  const [data, root] = [join(home, 'data'), join(home, 'target')];
  await fs.mkdir(data);
  await fs.mkdir(root);
  const { kind } = provider;
  const state = { id: `web1/${kind}`, component: 'web1', provider: kind, spec: spec(root) };
  return {
    provider,
    state,
    differing,
    secret: SECRET,
    host: () => startHost(data),
    shape: (form) => shape(root, form),
    remove: () => fs.rm(home, { recursive: true, force: true }),
  };
}

testComparedProvider('host', () =>
  subjectOf({
    provider: hostProvider,
    differing: 'etc/app.conf',
    spec: (root) => ({
      sections: ['files', 'accounts', 'kernel', 'packages', 'sysctl'],
      files: [join(root, 'etc')],
    }),
    async shape(root, form) {
      const etc = join(root, 'etc');
      await fs.rm(etc, { recursive: true, force: true });
      await fs.mkdir(join(etc, 'private'), { recursive: true });
      await fs.writeFile(join(etc, 'app.conf'), `form = ${form}\n`, { mode: 0o644 });
      await fs.symlink(form, join(etc, 'current'));
      // By its mode, by its name, by the folder it is in, by what it holds.
      const more = form === 'one' ? '' : ' again';
      await fs.writeFile(join(etc, 'settings'), SECRET + more, { mode: 0o600 });
      await fs.writeFile(join(etc, 'server.key'), SECRET + more, { mode: 0o644 });
      await fs.writeFile(join(etc, 'private', 'notes'), SECRET + more, { mode: 0o644 });
      await fs.chmod(join(etc, 'private'), 0o700);
      const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} EC PRIVATE KEY-----\n`);
      const key = `${begin}${SECRET}${more}\n${end}`;
      await fs.writeFile(join(etc, 'bundle'), key, { mode: 0o644 });
    },
  }),
);

testComparedProvider('command without apply', () =>
  subjectOf({
    provider: commandProvider,
    differing: 'output',
    spec: (root) => ({ capture: ['cat', join(root, 'flags')], secret: true }),
    shape: (root, form) => fs.writeFile(join(root, 'flags'), `${SECRET} in ${form}`),
  }),
);
