import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedDaemon } from './named-daemon.ts';

const HERE = 'http://127.0.0.1:7433';
const FAR = 'http://far.example:7433';

test('the option names a daemon before the variable does, and an empty variable names none', () => {
  assert.equal(namedDaemon({ options: { url: HERE }, env: { LASTGOOD_URL: FAR } }), HERE);
  assert.equal(namedDaemon({ options: {}, env: { LASTGOOD_URL: FAR } }), FAR);
  assert.equal(namedDaemon({ options: {}, env: { LASTGOOD_URL: '' } }), undefined);
  assert.equal(namedDaemon({ options: {}, env: {} }), undefined);
});
