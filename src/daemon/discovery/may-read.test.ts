import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseGroup } from '../../linux/accounts.ts';
import { chooseUser } from '../privilege/choose-user.ts';
import { readerLike } from './may-read.ts';

const PASSWD = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
const OWN = 'lastgood:x:998:998::/:/bin/false\n';
const ADM = 4;
const WEB = 40;
const skip = process.getuid?.() === 0 ? false : 'SKIPPED: only root can act as somebody else';

/** What `init` says of a file, to a host with these accounts. */
function refusal(path: string, more: string, group: string): string | undefined {
  const reader = chooseUser({ passwd: PASSWD + more, group }, { uid: 0, gid: 0 });
  assert.ok(reader !== undefined);
  return readerLike(reader, parseGroup(group))(path);
}

test('a log is told as closed only where the daemon cannot open it', { skip }, () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lg-may-read-'));
  try {
    fs.chmodSync(folder, 0o755);
    const log = (name: string, gid: number): string => {
      const path = join(folder, name);
      fs.writeFileSync(path, '', { mode: 0o640 });
      fs.chownSync(path, 0, gid);
      return path;
    };
    const [web, adm] = [log('web.log', WEB), log('adm.log', ADM)];
    const nobodys =
      / is 640; grant it: usermod -aG web lastgood \(after useradd --system lastgood\)$/;
    assert.equal(refusal(web, OWN, 'web:x:40:lastgood\n'), undefined);
    assert.match(refusal(web, OWN, 'web:x:40:\n') ?? '', /; grant it: usermod -aG web lastgood$/);
    assert.match(refusal(web, '', 'web:x:40:\n') ?? '', nobodys);
    assert.equal(refusal(adm, '', 'adm:x:4:\n'), undefined, 'nobody is given the group adm');
    assert.equal(
      refusal(join(folder, '*.log'), '', 'adm:x:4:\n'),
      undefined,
      'one of them is read',
    );
    fs.chmodSync(adm, 0o644);
    fs.chmodSync(folder, 0o700);
    assert.match(refusal(adm, '', '') ?? '', new RegExp(`^the mode of ${folder} is 700; grant it`));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
