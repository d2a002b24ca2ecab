import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE_NAMESPACE } from './hello.ts';
import { refusalError, rpcErrorOf, type RpcError } from './rpc-error.ts';
import { parseXml } from './xml/parse-xml.ts';

function errorOf(...errors: readonly string[]): RpcError | undefined {
  const listed = errors.map((parts) => `<rpc-error>${parts}</rpc-error>`).join('');
  return rpcErrorOf(parseXml(`<rpc-reply xmlns="${BASE_NAMESPACE}">${listed}<ok/></rpc-reply>`));
}

const INVALID =
  '<error-tag>invalid-value</error-tag><error-severity>error</error-severity>' +
  '<error-path>/d:device/d:mtu</error-path><error-message>\n  out of\n  range </error-message>';

test('a refusal is told in the words of the device: tag, place, message, how many more', () => {
  assert.deepEqual(errorOf(INVALID), {
    tag: 'invalid-value',
    words: 'invalid-value, /d:device/d:mtu, out of range',
  });
  assert.match(errorOf(INVALID, INVALID, INVALID)?.words ?? '', /range, \(and 2 more\)$/);
});

test('a warning is no refusal, and does not hide one', () => {
  const warning = '<error-tag>x</error-tag><error-severity>warning</error-severity>';
  assert.equal(errorOf(), undefined);
  assert.equal(errorOf(warning), undefined);
  assert.equal(errorOf(warning, INVALID)?.tag, 'invalid-value');
});

test('a device that says a secret does not make us say it, wherever the words are cut', () => {
  const message = `${'x'.repeat(480)} password=hunter2 no`;
  const told = errorOf(
    `<error-tag>bad-element</error-tag><error-message>${message}</error-message>`,
  );
  assert.ok(told !== undefined && told.words.length <= 500);
  assert.equal(told.words.includes('hunter2'), false, told.words);
  assert.equal(refusalError('editing', told).detail.includes('hunter2'), false);
});

test('a device that somebody else works on is busy, and the session that holds it is named', () => {
  const denied = errorOf(
    '<error-tag>lock-denied</error-tag><error-info><session-id>7</session-id></error-info>',
  );
  assert.ok(denied !== undefined);
  const busy = refusalError('r1: locking the candidate', denied);
  assert.equal(busy.code, 'LG_PROVIDER_DEVICE_BUSY');
  assert.equal(busy.detail, 'r1: locking the candidate: lock-denied; session 7 holds it');
  const invalid = errorOf(INVALID);
  assert.ok(invalid !== undefined);
  assert.equal(refusalError('r1: editing', invalid).code, 'LG_PROVIDER_DEVICE_REFUSED');
});
