import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { at, listAt, textAt } from '../../place/document.ts';
import { makePlace, type Place } from '../../place/place.ts';
import { until } from '../../place/until.ts';
import { hostProgram } from '../host-program.ts';
import { sendSpan, wallMs } from './traced-span.ts';

const SERVER = new URL('./testdata/traced-server.ts', import.meta.url).pathname;
const AHEAD_MS = 350;

/** A server whose clock is ahead by so much; answers its port. */
async function startFar(t: TestContext, faketime: string, place: Place): Promise<number> {
  const words = ['-f', `+${AHEAD_MS / 1000}s`, process.execPath, SERVER, String(place.otlpPort)];
  const env = { ...place.env, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  const child = spawn(faketime, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return Number(line);
}

/** Calls the server once, as a traced client on this host does. */
async function call(place: Place, farPort: number): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const startMs = wallMs();
  const answer = await fetch(`http://127.0.0.1:${farPort}/`, {
    headers: { traceparent: `00-${traceId}-${spanId}-01` },
  });
  await answer.arrayBuffer();
  const endMs = wallMs();
  const span = { host: hostname(), service: 'checkout', kind: 'client', traceId, spanId } as const;
  await sendSpan(place.otlpPort, { ...span, startMs, endMs });
  return traceId;
}

async function spansOf(place: Place, traceId: string): Promise<readonly unknown[]> {
  const { body } = await place.api(`timeline?trace=${traceId}&limit=10&order=oldest`);
  return listAt(body, 'records');
}

test('a clock that is ahead is found by calls, and the timeline corrected by it', async (t) => {
  const faketime = hostProgram(t, 'faketime', 'faketime');
  if (faketime === undefined) return;
  const place = await makePlace(t);
  let daemon = await place.up();
  const farPort = await startFar(t, faketime, place);
  let traceId = '';
  const known = await until(
    'the far clock, to a tenth of what it is ahead',
    async () => {
      traceId = await call(place, farPort);
      const { body } = await place.api('clocks');
      return listAt(body, 'clocks').find((one) => at(one, 'clock') === 'host:far');
    },
    (one) => Number(at(one, 'boundNs')) < AHEAD_MS * 1e5,
  );
  assert.equal(textAt(known, 'method'), 'span-pairs');
  assert.equal(at(known, 'corrected'), true);
  const wrongNs = Math.abs(Number(at(known, 'offsetNs')) - AHEAD_MS * 1e6);
  assert.ok(wrongNs <= Number(at(known, 'boundNs')), JSON.stringify(known));

  const inOrder = async (): Promise<void> => {
    const spans = await until(
      'both sides of the call',
      () => spansOf(place, traceId),
      (records) => records.length === 2,
    );
    const [client, server] = ['checkout', 'payment'].map((service) =>
      spans.find((span) => at(span, 'service') === service),
    );
    const startMs = Date.parse(textAt(client, 'time'));
    const stampedMs = Date.parse(textAt(server, 'time')) - startMs;
    assert.ok(stampedMs >= AHEAD_MS - 5, 'what was stamped stays as it was');
    const alignedMs = Date.parse(textAt(server, 'alignedTime')) - startMs;
    const boundMs = Number(at(server, 'clock', 'boundNs')) / 1e6;
    const tookMs = Number(at(client, 'durationNs')) / 1e6;
    // The server's span lies within the client's, as far as the clocks can tell.
    assert.ok(alignedMs >= -boundMs - 1 && alignedMs <= tookMs + boundMs + 1, `${alignedMs} ms`);
    assert.ok(boundMs < AHEAD_MS / 2, `${boundMs} ms`);
    assert.equal(textAt(at(server, 'clock'), 'method'), 'span-pairs');
  };
  await inOrder();
  const explained = await place.run(['clocks', '--explain', 'far']);
  assert.match(explained.out, /host:far is 3\d\d\.\d{3} ms ahead of ours, ± .*ms/);
  assert.match(explained.out, /its records are corrected/);
  const doctor = await place.run(['doctor']);
  assert.match(doctor.out, /far.*0\.3\d\d s ahead of ours; corrected/);
  assert.match(doctor.out, /clocks --explain far/);

  await daemon.stop();
  daemon = await place.up();
  await inOrder();
  await daemon.stop();
});
