import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROUTES, API_ROOT, type Route } from '../../src/api/contract.ts';
import { requireComponents } from '../../src/api/access/permission.ts';
import { unwrap } from '../../src/base/result.ts';
import { ROLES, type Role } from '../../src/model/access/principal.ts';
import { answered, serve, type Received, type Sent } from './served.ts';

/** What each role may call, written out by hand: a change of it must be meant. */
const MATRIX: Readonly<Record<keyof typeof ROUTES, readonly Role[]>> = (() => {
  const readers: readonly Role[] = ['viewer', 'responder', 'approver', 'admin'];
  const approvers: readonly Role[] = ['approver', 'admin'];
  const responders: readonly Role[] = ['responder', 'approver', 'admin'];
  const admins: readonly Role[] = ['admin'];
  const senders: readonly Role[] = ['admin', 'ingest'];
  return {
    health: ROLES,
    status: readers,
    doctor: readers,
    sourceList: readers,
    componentList: readers,
    clockList: readers,
    coverageList: readers,
    triggerList: readers,
    triggerExplain: readers,
    timeline: readers,
    timelineDensity: readers,
    signalFeatures: readers,
    checkpointList: readers,
    checkpointTake: responders,
    checkpointShow: readers,
    checkpointExplain: readers,
    checkpointDiff: readers,
    checkpointCheck: responders,
    checkpointExport: admins,
    checkpointPin: responders,
    checkpointUnpin: responders,
    checkpointForget: admins,
    incidentList: readers,
    incidentShow: readers,
    incidentAck: responders,
    incidentClose: responders,
    incidentReport: readers,
    signalList: readers,
    planCreate: responders,
    planShow: readers,
    planApply: responders,
    runList: readers,
    runShow: readers,
    runForeign: readers,
    runApprove: approvers,
    runReject: approvers,
    runConfirm: responders,
    runExtend: responders,
    runCancel: responders,
    runUndo: responders,
    runResume: responders,
    holdShow: readers,
    holdSet: responders,
    sessionShow: ROLES,
    sessionLink: ['viewer', 'responder', 'approver', 'admin'],
    principalList: readers,
    tokenList: admins,
    tokenCreate: admins,
    tokenRevoke: admins,
    auditList: admins,
    auditVerify: admins,
    backupCreate: admins,
    hookChange: [...responders, 'ingest'],
    hookAlertmanager: senders,
    hookGrafana: senders,
    hookNagios: senders,
    gateDeploy: ROLES,
  };
})();

function sentFor(route: Route, token: string): Sent {
  const path = API_ROOT + route.path.replaceAll(/\{\w+\}/g, 'x');
  const isRead = route.method === 'GET' || route.method === 'DELETE';
  return { method: route.method, path, token, ...(isRead ? {} : { body: '{}' }) };
}

test('every call is open to exactly the roles that are meant to make it', async () => {
  await using served = await serve();
  for (const role of ROLES) {
    const token = await served.token(role);
    for (const [name, route] of Object.entries(ROUTES)) {
      // A call that is let in goes on to its input or its object, which here do not exist.
      const { status } = await served.send(sentFor(route, token));
      const isIn = Object.entries(MATRIX).some(
        ([call, may]) => call === name && may.includes(role),
      );
      assert.equal(status !== 403 && status !== 429, isIn, `${role} on ${name}: ${status}`);
      served.clock.advance(10_000);
    }
  }
});

test('without a token, or with a wrong one, only health answers', async () => {
  await using served = await serve({ health: answered({ status: 'ok' as const }) });
  for (const route of Object.values(ROUTES)) {
    served.clock.advance(10_000);
    const sent = sentFor(route, 'lg_wrong');
    if (route.permissions.length === 0) {
      assert.equal((await served.send({ path: sent.path })).status, 200);
      continue;
    }
    const wrong = await served.send(sent);
    assert.equal(wrong.json()['code'], 'LG_ACCESS_TOKEN_UNKNOWN');
    const { token: _none, ...without } = sent;
    served.clock.advance(10_000);
    const missing = await served.send(without);
    assert.equal(missing.json()['code'], 'LG_ACCESS_TOKEN_MISSING');
    assert.equal(missing.headers['www-authenticate'], 'Bearer');
  }
  for (const path of ['/metrics', '/api/v1/metrics', '/api/v1/stream']) {
    served.clock.advance(10_000);
    assert.equal((await served.send({ path })).status, 401, path);
  }
  assert.equal(served.reached.length, 1);
});

test('a revoked and an expired token are worthless at once', async () => {
  await using served = await serve();
  const admin = await served.token('admin');
  const made = await served.send({
    method: 'POST',
    path: '/api/v1/tokens',
    token: admin,
    body: JSON.stringify({ role: 'viewer', expiresInDays: 1 }),
  });
  const { token, id } = made.json();
  const ask = async (): Promise<number> => {
    return (await served.send({ path: '/api/v1/session', token: String(token) })).status;
  };
  assert.equal(await ask(), 200);
  served.clock.advance(86_400_000);
  assert.equal(await ask(), 401);
  const other = unwrap(await served.tokens.create({ role: 'viewer' }, 'test'));
  const revoked = await served.send({
    method: 'DELETE',
    path: `/api/v1/tokens/${other.id}`,
    token: admin,
  });
  assert.equal(revoked.status, 200);
  const after = await served.send({ path: '/api/v1/session', token: other.token });
  assert.equal(after.json()['code'], 'LG_ACCESS_TOKEN_UNKNOWN');
  const listed = (await served.send({ path: '/api/v1/tokens', token: admin })).text;
  assert.ok(listed.includes(String(id)));
  assert.doesNotMatch(listed, /lg_|hash/);
});

test('a forged Host and a foreign Origin reach nothing, also not the UI', async () => {
  await using served = await serve({ health: answered({ status: 'ok' as const }) });
  const { port } = served.server;
  const path = '/api/v1/health';
  const code = async (headers: Readonly<Record<string, string>>, to = path): Promise<unknown> => {
    served.clock.advance(10_000);
    const received = await served.send({ path: to, headers });
    return received.status === 200 ? 'in' : received.json()['code'];
  };
  for (const host of [`localhost:${port}`, 'localhost', '127.0.0.1:9999', `LOCALHOST:${port}`]) {
    assert.equal(await code({ host }), 'in', host);
  }
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ]) {
    assert.equal(await code({ host }), 'LG_ACCESS_HOST_REFUSED', host);
    assert.equal(await code({ host }, '/'), 'LG_ACCESS_HOST_REFUSED', host);
  }
  const host = `localhost:${port}`;
  assert.equal(await code({ host, origin: `http://localhost:${port}` }), 'in');
  for (const origin of ['http://evil.example', 'null', 'http://localhost:1', 'file://', '%']) {
    assert.equal(await code({ host, origin }), 'LG_ACCESS_ORIGIN_REFUSED', origin);
  }
  const fetched = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
  assert.equal(await code({ host, ...fetched }), 'LG_ACCESS_ORIGIN_REFUSED');
  assert.equal(await code({ host, ...fetched, 'sec-fetch-mode': 'navigate' }), 'in');
});

test('guessing is slowed down per remote, without locking valid tokens out', async () => {
  await using served = await serve();
  const valid = await served.token('viewer');
  const guess = (): Promise<Received> => served.send({ path: '/api/v1/session', token: 'lg_no' });
  const statuses: number[] = [];
  for (let turn = 0; turn < 30; turn += 1) statuses.push((await guess()).status);
  assert.deepEqual(statuses, [...Array(20).fill(401), ...Array(10).fill(429)]);
  const limited = await guess();
  assert.ok(Number(limited.headers['retry-after']) >= 1);
  assert.equal((await served.send({ path: '/api/v1/session', token: valid })).status, 200);
  served.clock.advance(3000);
  assert.equal((await guess()).status, 401);
  const refusals = unwrap(await served.audit.list(0, 1000));
  assert.equal(refusals.filter(({ outcome }) => outcome === 'refused').length, 21);
});

test('a token with a scope names only components within it', async () => {
  const page = answered({ records: [] });
  await using served = await serve({ timeline: page, checkpointTake: page as never });
  const token = await served.token('responder', { components: ['checkout', 'payment'] });
  const ask = async (sent: Sent): Promise<unknown> => {
    const received = await served.send({ ...sent, token });
    return received.status === 200 ? served.reached.at(-1)?.input : received.json()['code'];
  };
  const timeline = '/api/v1/timeline?limit=5&order=oldest';
  const rest = { limit: 5, order: 'oldest' };
  const whole = { ...rest, component: ['checkout', 'payment'] };
  assert.deepEqual(await ask({ path: timeline }), whole);
  assert.deepEqual(await ask({ path: `${timeline}&component=payment` }), {
    ...rest,
    component: ['payment'],
  });
  assert.equal(await ask({ path: `${timeline}&component=payment,gateway` }), 'LG_ACCESS_DENIED');
  const take = { method: 'POST', path: '/api/v1/checkpoints' };
  assert.deepEqual(await ask({ ...take, body: '{}' }), { components: ['checkout', 'payment'] });
  const foreign = '{"components":["gateway"]}';
  assert.equal(await ask({ ...take, body: foreign }), 'LG_ACCESS_DENIED');
  const scoped = { id: 'token:x', role: 'responder', components: ['checkout'] } as const;
  assert.ok(requireComponents(scoped, 'apply', ['checkout']).ok);
  assert.ok(!requireComponents(scoped, 'apply', ['checkout', 'payment']).ok);
});

test('every write and every refusal is in the audit log, and no secret is', async () => {
  await using served = await serve({
    runConfirm: answered({ run: 'run_1' }) as never,
    planApply: answered({
      run: 'run_1',
      token: 'apply-secret',
      deadline: '2026-01-01T00:10:00.000000000Z',
      confirmTimeoutMs: 600_000,
    }),
  });
  const responder = await served.token('responder');
  const viewer = await served.token('viewer');
  const post = (path: string, token: string, body: object): Promise<Received> =>
    served.send({ method: 'POST', path, token, body: JSON.stringify(body) });
  await post('/api/v1/plans/plan_1/apply', responder, { planHash: 'abc' });
  await post('/api/v1/runs/run_1/confirm', responder, { token: 'apply-secret', nonce: 'n-secret' });
  await post('/api/v1/runs/run_1/cancel', viewer, {});
  await post('/api/v1/checkpoints/cp_9/pin', responder, { reason: 'keep it' });
  const entries = unwrap(await served.audit.list(0, 100));
  const told = entries.map(({ action, object, outcome }) => `${action} ${object} ${outcome}`);
  assert.deepEqual(told, [
    'plan.apply plan_1 done',
    'run.confirm run_1 done',
    'run.cancel 127.0.0.1 refused',
    'checkpoint.pin cp_9 failed',
  ]);
  const text = JSON.stringify(entries);
  assert.doesNotMatch(text, /apply-secret|n-secret|lg_/);
  assert.match(text, /started run_1/);
  assert.match(text, /keep it/);
  assert.equal(unwrap(await served.audit.verify()).ok, true);
});
