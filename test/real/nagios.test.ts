import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { alertPlace, type AlertPlace } from './alert-place.ts';
import { member, realDaemon } from '../place/real-daemon.ts';
import { hostProgram } from './host-program.ts';

const script = join(import.meta.dirname, '..', '..', 'integrations', 'nagios', 'lastgood-notify');

/** What a check prints is the monitored machine's to choose: quotes, dollars, backticks. */
const OUTPUT = 'SHOP CRITICAL - "502" rate 37% \\ $(id) `id` it\'s bad';

/** A whole Nagios in a folder: one host, one service that says what a file says, our script. */
async function writeNagios(folder: string, place: AlertPlace): Promise<string> {
  const nagios = join(folder, 'nagios');
  for (const part of ['rw', 'results']) await fs.mkdir(join(nagios, part), { recursive: true });
  const check = join(nagios, 'check');
  await fs.writeFile(check, `#!/bin/sh\ncat '${nagios}/says'\nexit $(cat '${nagios}/code')\n`);
  await fs.chmod(check, 0o755);
  const objects = join(nagios, 'objects.cfg');
  await fs.writeFile(
    objects,
    `define timeperiod {
  timeperiod_name 24x7
  alias all
  ${['sun', 'mon', 'tues', 'wednes', 'thurs', 'fri', 'satur']
    .map((day) => `${day}day 00:00-24:00`)
    .join('\n  ')}
}
define command {
  command_name alive
  command_line /bin/true
}
define command {
  command_name check-shop
  command_line ${check}
}
define command {
  command_name lastgood
  command_line ${script} --url ${place.url} --token-file ${place.tokenFile}
}
define contact {
  contact_name lastgood
  host_notification_period 24x7
  service_notification_period 24x7
  host_notification_options d,u,r
  service_notification_options w,u,c,r
  host_notification_commands lastgood
  service_notification_commands lastgood
}
define host {
  host_name web1.example
  address 127.0.0.1
  check_command alive
  max_check_attempts 2
  check_interval 10
  check_period 24x7
  contacts lastgood
  notification_period 24x7
}
define service {
  host_name web1.example
  service_description checkout-errors
  _COMPONENT shop
  check_command check-shop
  max_check_attempts 3
  check_interval 1
  retry_interval 1
  check_period 24x7
  contacts lastgood
  notification_period 24x7
  notification_interval 60
}
`,
  );
  const config = join(nagios, 'nagios.cfg');
  const user = process.getuid?.() === 0 ? 'root' : String(process.getuid?.());
  await fs.writeFile(
    config,
    `log_file=${nagios}/nagios.log
cfg_file=${objects}
object_cache_file=${nagios}/objects.cache
precached_object_file=${nagios}/objects.precache
status_file=${nagios}/status.dat
nagios_user=${user}
nagios_group=${user}
check_external_commands=0
command_file=${nagios}/rw/nagios.cmd
query_socket=${nagios}/rw/nagios.qh
lock_file=${nagios}/nagios.lock
temp_file=${nagios}/nagios.tmp
temp_path=${nagios}
check_result_path=${nagios}/results
state_retention_file=${nagios}/retention.dat
interval_length=1
enable_event_handlers=1
global_service_event_handler=lastgood
enable_notifications=1
enable_environment_macros=1
use_syslog=0
`,
  );
  return config;
}

it('a check of a real Nagios opens an incident through our script, and clears', async (test) => {
  const nagios = hostProgram(test, 'nagios4', 'nagios4-core');
  if (nagios === undefined || hostProgram(test, 'curl', 'curl') === undefined) return;
  await using daemon = await realDaemon();
  const place = await alertPlace(daemon, 'checkout-errors');
  const config = await writeNagios(daemon.folder, place);
  const say = async (text: string, code: number): Promise<void> => {
    await fs.writeFile(join(daemon.folder, 'nagios', 'says'), `${text}\n`);
    await fs.writeFile(join(daemon.folder, 'nagios', 'code'), `${code}\n`);
  };
  await say('SHOP OK', 0);
  const verified = spawnSync(nagios, ['-v', config], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stdout);
  const server = spawn(nagios, [config], { stdio: 'ignore' });
  try {
    await say(OUTPUT, 2);
    assert.deepEqual(await place.untilIncident(), ['shop']);
    await place.untilTrigger('firing');
    await say('SHOP OK - 502 rate 0%', 0);
    await place.untilTrigger('quiet');

    const alerts = await place.alerts();
    const told = alerts.map((record) => [
      member(member(record, 'attributes'), 'alert.state'),
      member(record, 'severity'),
    ]);
    assert.deepEqual(told.at(-1), ['resolved', 9]);
    const hard = alerts.filter(
      (record) => member(member(record, 'attributes'), 'alert.state') === 'firing',
    );
    assert.equal(hard.length, 1, 'the event handler and the notification tell one alert');
    assert.equal(member(hard[0], 'body'), OUTPUT);
    assert.equal(member(hard[0], 'component'), 'shop');
    assert.ok(told.some(([state]) => state === 'pending'));
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
});
