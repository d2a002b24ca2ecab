import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { hostProgram } from './host-program.ts';

const folder = join(import.meta.dirname, '..', '..', 'packaging', 'systemd');

/** systemd's own measure of what a service could do to the host, in tenths: 0 to 100. */
const exposureMax = {
  'lastgood.service': 20,
  'lastgood-host.service': 40,
  'lastgood-host@.service': 40,
} as const;

it('the units leave the daemon and its runner able to see what they tell of', async () => {
  const [daemon, runner] = await Promise.all(
    ['lastgood.service', 'lastgood-host.service'].map((unit) =>
      fs.readFile(join(folder, unit), 'utf8'),
    ),
  );
  // Both would leave only our own processes in /proc, and those are counted.
  assert.doesNotMatch(daemon ?? '', /^(ProtectProc|ProcSubset)=/m);
  // What holds a port, and what process 1 has mounted.
  assert.match(runner ?? '', /^CapabilityBoundingSet=.*\bCAP_SYS_PTRACE\b/m);
});

it('the runner of a network namespace is confined as that of the machine', async () => {
  const own = /^(#.*|Description=.*|(ExecStart|NetworkNamespacePath|\w+Directory)=.*)\n/gm;
  const [machine, namespace] = await Promise.all(
    ['lastgood-host.service', 'lastgood-host@.service'].map(async (unit) =>
      (await fs.readFile(join(folder, unit), 'utf8')).replaceAll(own, ''),
    ),
  );
  assert.match(machine ?? '', /^CapabilityBoundingSet=/m);
  assert.equal(namespace, machine);
});

for (const [unit, max] of Object.entries(exposureMax)) {
  it(`systemd takes ${unit} without a complaint and finds it well confined`, async (test) => {
    const analyze = hostProgram(test, 'systemd-analyze', 'systemd');
    if (analyze === undefined) return;
    // Both beside each other: one names the other.
    const place = await fs.mkdtemp(join(tmpdir(), 'lastgood-units-'));
    try {
      await fs.cp(folder, place, { recursive: true });
      const path = join(place, unit);
      const verified = spawnSync(analyze, ['verify', path], { encoding: 'utf8' });
      assert.deepEqual([verified.status, verified.stderr], [0, '']);
      const words = ['security', '--offline=yes', `--threshold=${max}`, '--no-pager', path];
      const judged = spawnSync(analyze, words, { encoding: 'utf8' });
      assert.equal(judged.status, 0, judged.stdout.trim().split('\n').at(-1));
    } finally {
      await fs.rm(place, { recursive: true, force: true });
    }
  });
}
