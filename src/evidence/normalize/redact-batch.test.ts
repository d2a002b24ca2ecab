import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatchBuilder } from '../../model/record/record-batch.ts';
import { createRedactor } from './redact-batch.ts';

function batchOf(attributes: string, resource: string) {
  const builder = new RecordBatchBuilder();
  builder.add({ kind: 'log', source: 's', observedNs: 1n, body: 'paid', attributes, resource });
  return builder.build();
}

test('the values of named attributes are not stored, the others are', () => {
  const redact = createRedactor(['card.number', 'user.email']);
  const batch = redact(
    batchOf('{"card.number":"4111","order":7}', '{"host.name":"a","user.email":"x@y.z"}'),
  );
  assert.equal(batch.attributes[0], '{"card.number":"<redacted>","order":7}');
  const resource = batch.dictionary[batch.resource[0] ?? 0];
  assert.equal(resource, '{"host.name":"a","user.email":"<redacted>"}');
});

test('without names a batch is handed on as it is', () => {
  const batch = batchOf('{"card.number":"4111"}', '{}');
  assert.equal(createRedactor([])(batch), batch);
});

test('a name within a value is not an attribute', () => {
  const batch = createRedactor(['order'])(batchOf('{"note":"\\"order\\":1"}', '{}'));
  assert.equal(batch.attributes[0], '{"note":"\\"order\\":1"}');
});
