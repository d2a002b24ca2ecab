import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { alertPlace } from './alert-place.ts';
import { member, realDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

it('an alert of a real Alertmanager opens an incident and clears', async (test) => {
  const program = hostProgram(test, 'prometheus-alertmanager', 'prometheus-alertmanager');
  const amtool = hostProgram(test, 'amtool', 'prometheus-alertmanager');
  if (program === undefined || amtool === undefined) return;
  await using daemon = await realDaemon();
  const place = await alertPlace(daemon, 'ShopDown');
  const [web = 0] = await freePorts(1);
  const file = join(daemon.folder, 'alertmanager.yml');
  await fs.writeFile(
    file,
    `route:
  receiver: lastgood
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1s
receivers:
  - name: lastgood
    webhook_configs:
      - url: ${place.url}/api/v1/hooks/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials_file: ${place.tokenFile} } }
`,
  );
  const server = spawn(
    program,
    [
      `--config.file=${file}`,
      `--storage.path=${join(daemon.folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${web}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${web}`;
  try {
    await until('Alertmanager is ready', async () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => (ok ? true : undefined),
        () => undefined,
      ),
    );
    const alert = (...more: readonly string[]): void => {
      const labels = ['alertname=ShopDown', 'severity=critical', 'component=shop', 'job=blackbox'];
      const words = ['alert', 'add', `--alertmanager.url=${url}`, ...labels];
      const { status, stderr } = spawnSync(amtool, [
        ...words,
        '--annotation=summary=nobody can pay',
        ...more,
      ]);
      assert.equal(status, 0, stderr.toString());
    };
    const started = new Date(Date.now() - 1_000).toISOString();
    alert(`--start=${started}`, `--end=${new Date(Date.now() + 3_600_000).toISOString()}`);
    assert.deepEqual(await place.untilIncident(), ['shop']);
    await place.untilTrigger('firing');
    const [firing] = await place.alerts();
    assert.equal(member(firing, 'severity'), 18);
    assert.equal(member(firing, 'body'), 'nobody can pay');
    assert.equal(member(firing, 'component'), 'shop');

    alert(`--start=${started}`, `--end=${new Date().toISOString()}`);
    await place.untilTrigger('quiet');
    const states = (await place.alerts()).map((record) =>
      member(member(record, 'attributes'), 'alert.state'),
    );
    assert.deepEqual(states, ['firing', 'resolved']);
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
});
