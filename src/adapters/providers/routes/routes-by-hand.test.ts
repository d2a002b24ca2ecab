import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { routesByHand } from './routes-by-hand.ts';

const rule = (path: string): StateItem => ({ path, attributes: {} });
const routes = (path: string, lines: string): StateItem => ({ path, attributes: { lines } });

test('no line that is pasted takes away what the next one would bring', () => {
  const lines = routesByHand([
    routes('route/v4/default', 'default via 192.0.2.1 dev eth0'),
    routes('route/v4/10.0.0.0/8', '10.0.0.0/8 via 192.0.2.1\n10.0.0.0/8 via 192.0.2.2'),
    rule('rule/v4/0/from all lookup local'),
    rule('rule/v6/32766/from all lookup main'),
  ]);
  const going = lines.filter((line) => /\bdel\b|\bflush\b/.test(line));
  assert.equal(going.length, 1);
  const [line = ''] = going;
  assert.match(
    line,
    /^printf .*'route del .*192\.0\.2\.2' 'route append .*\| ip -4 -force -batch -/,
  );
  assert.match(lines.join('\n'), /^ip -4 route replace default via 192\.0\.2\.1 dev eth0$/m);
  assert.match(lines.join('\n'), /^ip -4 rule add pref 0 from all lookup local 2>&1/m);
  assert.match(lines.join('\n'), /^ip -6 rule add pref 32766 /m);
});
