import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE_NAMESPACE, can, canChunk, OUR_HELLO, readHello } from './hello.ts';
import { parseXml } from './xml/parse-xml.ts';

function helloWith(...capabilities: readonly string[]): string {
  const listed = capabilities.map((name) => `<capability>\n ${name}\n</capability>`).join('');
  return `<hello xmlns="${BASE_NAMESPACE}"><capabilities>${listed}</capabilities></hello>`;
}

const CANDIDATE = 'urn:ietf:params:netconf:capability:candidate:1.0';

test('a device is believed to do what its hello says, and nothing else', () => {
  const hello = readHello(parseXml(helloWith(CANDIDATE, 'urn:ietf:params:netconf:base:1.1')));
  assert.ok(hello !== undefined);
  assert.equal(can(hello, 'candidate:1.0'), true);
  assert.equal(can(hello, 'confirmed-commit:1.1'), false);
  assert.equal(canChunk(hello), true);
  assert.equal(hello.isYuma, false);
  const own = readHello(parseXml(OUR_HELLO));
  assert.ok(own !== undefined && canChunk(own));
});

test('what stands behind the name of a capability is not part of it', () => {
  const url = 'urn:ietf:params:netconf:capability:url:1.0?scheme=file';
  const hello = readHello(parseXml(helloWith(url)));
  assert.ok(hello !== undefined);
  assert.equal(can(hello, 'url:1.0'), true);
  assert.equal(canChunk(hello), false);
});

test('modules are known by their namespace; what is no name of a module is none', () => {
  const hello = readHello(
    parseXml(
      helloWith(
        'urn:lg:device?module=lg-device&amp;revision=2026-01-01',
        'urn:lg:bad?module=..%2Fetc',
        'urn:lg:none',
        'http://netconfcentral.org/ns/yuma-system?module=yuma-system',
      ),
    ),
  );
  assert.deepEqual(
    [...(hello?.modules ?? [])],
    [
      ['urn:lg:device', 'lg-device'],
      ['http://netconfcentral.org/ns/yuma-system', 'yuma-system'],
    ],
  );
  assert.equal(hello?.isYuma, true);
});

test('what greets otherwise speaks no NETCONF', () => {
  for (const greeting of [
    '<hello><capabilities/></hello>',
    `<hello xmlns="${BASE_NAMESPACE}"/>`,
    `<rpc-reply xmlns="${BASE_NAMESPACE}"><ok/></rpc-reply>`,
    '<html><body>Sign in</body></html>',
  ]) {
    assert.equal(readHello(parseXml(greeting)), undefined, greeting);
  }
});
