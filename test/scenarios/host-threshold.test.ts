import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { smallDiskOrSkip } from '../../src/testing/small-disk.ts';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

const trigger = `triggers:
  - { name: disk, signal: event, event: filesystem.threshold_crossed, then: [incident] }
`;

const host = (thresholds: string): string =>
  `sources: [ { name: host, kind: host, interval: 200ms, thresholds: { ${thresholds} } } ]\n`;

/** The incident that a trigger opened. */
async function incidentBy(place: Place, name: string): Promise<unknown> {
  const [incident] = await until(
    'an incident',
    async () => listAt((await place.api('incidents')).body, 'incidents'),
    (found) => JSON.stringify(found).includes(`"${name}"`),
  );
  return incident;
}

test('a file system fuller than its threshold opens an incident by a trigger', async (t) => {
  const limits = 'filesystem: { warn: 0.0001, critical: 1 }, inodes: false';
  const place = await makePlace(t, { config: () => trigger + host(limits) });
  await place.up();
  const incident = await incidentBy(place, 'disk');
  assert.equal(textAt(incident, 'state'), 'open');
  const events = await place.run(['events', '--event', 'filesystem.threshold_crossed', '--json']);
  const first: unknown = JSON.parse(events.out.split('\n')[0] ?? '');
  assert.equal(at(first, 'severity'), 13);
  assert.match(textAt(first, 'body'), /^the file system \/.*: [\d.]+ % in use, over the threshold/);
});

test('a disk that is filled and emptied tells both; only the filling fires', async (t) => {
  const limits = 'inodes: false, cpu: false, memory: false';
  const place = await makePlace(t, { config: () => trigger + host(limits) });
  const point = await smallDiskOrSkip(t, 8);
  if (point === undefined) return;
  await place.up();
  const told = async (): Promise<readonly string[]> => {
    const { out } = await place.run(['events', '--kind', 'event', '--json']);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
      .filter((record) => at(record, 'attributes', 'system.filesystem.mountpoint') === point)
      .map((record) => `${textAt(record, 'eventName')} ${String(at(record, 'severity'))}`);
  };
  await fs.writeFile(`${point}/filling`, Buffer.alloc(7.8 * 1024 * 1024));
  await until('the critical event', told, (names) => names.length > 0);
  await incidentBy(place, 'disk');
  await fs.rm(`${point}/filling`);
  const names = await until('the clearing', told, (found) => found.length > 1);
  assert.deepEqual(names, ['filesystem.threshold_crossed 18', 'filesystem.threshold_cleared 9']);
});
