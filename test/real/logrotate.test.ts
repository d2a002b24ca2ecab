import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { member, realDaemon, type RealDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

/** How each way of rotating is configured, as distributions do it. */
const ways = {
  'rename and create, compressed later': 'create\n  compress\n  delaycompress',
  'rename and create, compressed at once': 'create\n  compress',
  copytruncate: 'copytruncate',
} as const;

/** Lines between two rotations, and how often logrotate runs. */
const linesEach = 40;
const rotations = 4;

for (const [way, directives] of Object.entries(ways)) {
  it(`no line is lost or doubled when the real logrotate uses ${way}`, async (test) => {
    const logrotate = hostProgram(test, 'logrotate', 'logrotate');
    if (logrotate === undefined) return;
    await using daemon = await realDaemon();
    const log = join(daemon.folder, 'app.log');
    await fs.writeFile(log, '');
    // The pattern names what rotation leaves too, and so the copies that copytruncate makes.
    const followed = `${log}*`;
    const [ui, otlp] = await freePorts(2);
    await daemon.start(`version: 1
listen:
  ui: "127.0.0.1:${ui}"
  otlpHttp: "127.0.0.1:${otlp}"
  otlpGrpc: false
  syslogUdp: false
  syslogTcp: false
sources: [ { name: app, kind: file, component: app, paths: [${JSON.stringify(followed)}] } ]
`);
    const rule = join(daemon.folder, 'rotate.conf');
    await fs.writeFile(rule, `${log} {\n  rotate 9\n  missingok\n  ${directives}\n}\n`);
    await fs.chmod(rule, 0o644);
    let written = 0;
    for (let round = 0; round <= rotations; round += 1) {
      for (let line = 0; line < linesEach; line += 1) {
        await fs.appendFile(log, `INFO order ${(written += 1)} accepted\n`);
      }
      // copytruncate itself loses what is written between its copy and its truncation; so here
      // the writer rests while it works, and what was written before must all arrive.
      await until('the lines before the rotation', () => arrived(daemon, written));
      if (round < rotations) rotate(logrotate, rule, join(daemon.folder, 'rotate.state'));
    }
    const numbers = await until('all lines', () => arrived(daemon, written));
    assert.deepEqual(
      numbers,
      Array.from({ length: written }, (_, index) => index + 1),
    );
  });
}

function rotate(logrotate: string, rule: string, state: string): void {
  const { status, stderr } = spawnSync(logrotate, ['--force', '--state', state, rule], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
}

/** The order numbers on the timeline once there are so many, or undefined. */
async function arrived(daemon: RealDaemon, count: number): Promise<readonly number[] | undefined> {
  const { printed, complaint } = await daemon.run(['events', '--since', '1h', '--limit', '10000']);
  assert.equal(complaint, '');
  const numbers = printed
    .map((record) => /order (\d+) accepted/.exec(String(member(record, 'body')))?.[1])
    .filter((number) => number !== undefined)
    .map(Number);
  return numbers.length < count ? undefined : numbers.toSorted((left, right) => left - right);
}
