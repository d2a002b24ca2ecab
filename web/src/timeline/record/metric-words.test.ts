import assert from 'node:assert/strict';
import { test } from 'node:test';

import { valueWords } from './metric-words.ts';

test('a metric is told in the unit a person would use', () => {
  assert.equal(valueWords('system.network.io', 6_640_181, 'By'), '6.6 MB');
  assert.equal(valueWords('system.cpu.utilization', 0.7938, '1'), '79.4 %');
  assert.equal(valueWords('system.disk.io_time', 495.776, 's'), '496 s');
  assert.equal(valueWords('http.server.request.duration', 0.0517, 's'), '51.7 ms');
  assert.equal(valueWords('system.uptime', 18_244.61, 's'), '5 h 4 min');
  assert.equal(valueWords('system.process.count', 111, '{process}'), '111 process');
  assert.equal(valueWords('http.server.active_requests', 3, ''), '3');
  assert.equal(valueWords('queue.delay', 12.5, 'ms'), '12.5 ms');
});

test('a value of zero and one below zero keep their unit', () => {
  assert.equal(valueWords('system.filesystem.usage', 0, 'By'), '0 B');
  assert.equal(valueWords('system.disk.io_time', 0, 's'), '0 s');
  assert.equal(valueWords('delta', -2_000, 'By'), '−2.0 kB');
});
