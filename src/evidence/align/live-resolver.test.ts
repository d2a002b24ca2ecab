import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveResolver } from './live-resolver.ts';

test('what was resolved before follows the aliases that come later', () => {
  const resolver = new LiveResolver(new Map());
  const kept = resolver.resolve({ 'service.name': 'checkout-svc', 'host.name': 'web1' });
  assert.deepEqual(
    [kept.component, kept.service, kept.host],
    ['checkout-svc', 'checkout-svc', 'web1'],
  );
  resolver.replace(new Map([['checkout-svc', 'checkout']]));
  assert.deepEqual([kept.component, kept.service, kept.host], ['checkout', 'checkout', 'web1']);
  resolver.replace(new Map());
  assert.equal({ ...kept }.component, 'checkout-svc', 'a copy is as of now');
});
