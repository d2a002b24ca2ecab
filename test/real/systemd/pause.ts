import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { whenReady, type Daemon } from '../../place/daemon.ts';
import { textAt } from '../../place/document.ts';
import { makePlace, processesOf } from '../../place/place.ts';
import { EXECUTABLE } from '../../place/program.ts';
import { until } from '../../place/until.ts';
import { confirm, reach, rollBack } from '../../scenarios/paused-writers/stage.ts';
import { ownSystemd } from './own-systemd.ts';

// Run by `npm run test:systemd` and not with the others: it starts a systemd as process 1 of
// namespaces of its own, which needs a host that allows that and takes half a minute.
test('a timer of systemd stands still for a rollback, whoever is killed meanwhile', async (t) => {
  const place = await makePlace(t, {
    config: ({ root }) => `sources: []
components:
  - name: shop
    state:
      - { provider: files, paths: ["${root}/value"] }
      - { provider: service, unit: worker.service }
    writers: [{ unit: sync.timer }, { unit: sync.service }]
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 90s, gate: { samples: 1, interval: 300ms } }
`,
  });
  const systemd = await ownSystemd(t, place.root);
  if (systemd === undefined) return;
  const { addUnit, show, systemctl, within } = systemd;
  const up = (): Promise<Daemon> => {
    const scope = ['systemd-run', '--scope', '--quiet', '--collect', '--unit=lastgood'];
    const own = ['--config', place.configFile, '--data', place.data];
    const [program = '', ...rest] = [
      ...within,
      ...scope,
      process.execPath,
      EXECUTABLE,
      'up',
      ...own,
    ];
    const options = { cwd: place.root, env: place.env };
    return whenReady(spawn(program, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  };
  const value = (): Promise<string> => place.read('value');
  await place.write('upstream', 'good\n');
  await place.write('value', 'good\n');
  const copy = 'cp upstream value.new && mv value.new value';
  const sync = `Type=oneshot\nWorkingDirectory=${place.root}\nExecStart=/bin/sh -c '${copy}'\n`;
  addUnit('sync.service', `[Service]\n${sync}`);
  addUnit('sync.timer', '[Timer]\nOnActiveSec=0\nOnUnitInactiveSec=100ms\nAccuracySec=1ms\n');
  addUnit('worker.service', '[Service]\nExecStart=/bin/sleep 600\n');
  systemctl('daemon-reload');
  systemctl('start', 'sync.timer', 'worker.service');
  await up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  const checkpoint = textAt(taken.json[0], 'id');

  const goBad = async (): Promise<void> => {
    await place.write('upstream', 'bad\n');
    systemctl('stop', 'worker.service');
    await until('the bad value', value, (now) => now === 'bad\n');
  };
  await goBad();
  const first = await rollBack({ place }, checkpoint);
  await reach({ place }, first.run, 'AWAITING_CONFIRM');
  assert.equal(show('sync.timer', 'ActiveState'), 'inactive');
  assert.equal(await value(), 'good\n');
  assert.equal(show('worker.service', 'ActiveState'), 'active');
  await place.write('upstream', 'good\n');
  await confirm({ place }, first);
  await reach({ place }, first.run, 'COMMITTED');
  assert.equal(show('sync.timer', 'ActiveState'), 'active');

  await goBad();
  const second = await rollBack({ place }, checkpoint);
  await reach({ place }, second.run, 'AWAITING_CONFIRM');
  systemctl('kill', '--kill-whom=all', '--signal=SIGKILL', 'lastgood.scope');
  await until(
    'the end of the daemon',
    async () => show('lastgood.scope', 'ActiveState'),
    (state) => state !== 'active',
  );
  // The one of the run and the one of who is paused, each in a scope of its own.
  assert.equal(processesOf(place.root).length, 2);
  assert.equal(show('sync.timer', 'ActiveState'), 'inactive');
  await up();
  await place.api(`runs/${second.run}/cancel`, {});
  await reach({ place }, second.run, 'REVERTED');
  assert.equal(show('sync.timer', 'ActiveState'), 'active');
  assert.equal(await value(), 'bad\n');
  assert.equal(show('worker.service', 'ActiveState'), 'inactive');
});
