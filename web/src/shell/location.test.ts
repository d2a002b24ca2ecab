import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hrefOf, placeOf } from './location.ts';

test('a place survives the address bar', () => {
  const place = placeOf(hrefOf(['checkpoints', 'cp/ä 1'], { against: 'now', none: undefined }));
  assert.deepEqual(place.parts, ['checkpoints', 'cp/ä 1']);
  assert.equal(place.query.get('against'), 'now');
  assert.equal(place.query.has('none'), false);
});

test('an address that is no valid escape is taken as it stands', () => {
  assert.deepEqual(placeOf('#/incidents/%zz').parts, ['incidents', '%zz']);
  assert.deepEqual(placeOf('').parts, []);
});

test('rollbacks are found under the name that people give them', () => {
  assert.deepEqual(placeOf('#/rollbacks').parts, ['runs']);
  assert.deepEqual(placeOf('#/rollbacks/run_1').parts, ['runs', 'run_1']);
});
