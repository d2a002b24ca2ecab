import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  serviceChanges,
  servicePlan,
} from '../../../src/adapters/providers/service/service-changes.ts';
import { serviceSpec } from '../../../src/adapters/providers/service/service-spec.ts';
import { unwrap } from '../../../src/base/result.ts';
import { loadImage } from '../../../src/model/checkpoint/image-blob.ts';
import type { ObservedState } from '../../../src/ports/provider-client.ts';
import { startHost } from '../../conformance/provider-host.ts';

// Run by inside.sh: breaks a real unit in every way there is and goes back each time.
const units = join(homedir(), '.config/systemd/user');
const unit = 'shop.service';
const spec = serviceSpec.parse({ unit, user: true });
const state = { id: 'shop/service', component: 'shop', provider: 'service', spec };
const data = join(homedir(), 'data');
mkdirSync(data);
const host = await startHost(data);
let token = 0;

function systemctl(...words: readonly string[]): string {
  return execFileSync('systemctl', ['--user', '--no-pager', ...words], { encoding: 'utf8' }).trim();
}

function show(property: string): string {
  return systemctl('show', '--value', `--property=${property}`, unit);
}

async function imageOf(seen: ObservedState) {
  return unwrap(await loadImage(seen.image, (hash) => host.vault.get(hash)));
}

async function goBack(to: ObservedState): Promise<readonly string[]> {
  const now = unwrap(await host.client.observe(state));
  const [is, will] = [await imageOf(now), await imageOf(to)];
  const changes = serviceChanges(state, will, is);
  const [step] = servicePlan(spec, is, will);
  assert.ok(step !== undefined, 'there is something to go back from');
  const desired = to.image;
  const order = { desired, paths: step.paths, expects: now.fingerprint, runToken: (token += 1) };
  assert.deepEqual(unwrap(await host.client.apply(state, order)), { kind: 'done' });
  const after = unwrap(await host.client.observe(state));
  assert.equal(after.fingerprint, to.fingerprint);
  return changes.map(({ path, before, after: became }) => `${path}: ${before} → ${became}`);
}

writeFileSync(
  join(units, unit),
  '[Service]\nEnvironment=COLOR=green\nExecStart=/bin/sleep 600\n' +
    '[Install]\nWantedBy=quiet.target\n',
);
systemctl('daemon-reload');
systemctl('enable', unit);
systemctl('start', unit);
const good = unwrap(await host.client.capture(state));
unwrap(await host.vault.flush());
const firstPid = show('MainPID');

process.kill(Number(firstPid), 'SIGKILL');
while (show('ActiveState') === 'active') await new Promise((resolve) => setTimeout(resolve, 20));
assert.deepEqual(await goBack(good), ['running: running → stopped']);
assert.equal(show('ActiveState'), 'active');

systemctl('disable', unit);
const untouched = show('MainPID');
assert.deepEqual(await goBack(good), ['enabled: enabled → disabled']);
assert.equal(show('MainPID'), untouched, 'it is not restarted for that');

mkdirSync(join(units, `${unit}.d`));
writeFileSync(join(units, `${unit}.d`, 'bad.conf'), '[Service]\nEnvironment=COLOR=red\n');
systemctl('daemon-reload');
systemctl('restart', unit);
assert.equal(show('Environment'), 'COLOR=red');
await goBack(good);
assert.equal(existsSync(join(units, `${unit}.d`, 'bad.conf')), false);
assert.equal(show('Environment'), 'COLOR=green');
const environ = readFileSync(`/proc/${show('MainPID')}/environ`, 'utf8');
assert.ok(environ.includes('COLOR=green'), 'the running process has the old settings again');

// What `systemctl mask` leaves: a link to nothing in the place of the unit file.
systemctl('stop', unit);
rmSync(join(units, unit));
symlinkSync('/dev/null', join(units, unit));
systemctl('daemon-reload');
assert.equal(show('UnitFileState'), 'masked');
await goBack(good);
assert.equal(show('ActiveState'), 'active');
assert.equal(show('UnitFileState'), 'enabled');

await host.stop();
process.stdout.write('went back\n');
