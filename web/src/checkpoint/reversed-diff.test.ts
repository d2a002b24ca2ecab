import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reversedDiff } from './reversed-diff.ts';

const forth = `--- good
+++ bad
@@ -1,4 +1,5 @@ section
 {
-  "broken": false,
--- an item
+  "broken": true,
+  "why": "?",
 }
`;

const back = `--- bad
+++ good
@@ -1,5 +1,4 @@ section
 {
-  "broken": true,
-  "why": "?",
+  "broken": false,
+-- an item
 }
`;

test('a difference read the other way round shows what going back does', () => {
  assert.equal(reversedDiff(forth), back);
});

test('reading it the other way round twice is the difference itself', () => {
  assert.equal(reversedDiff(reversedDiff(forth)), forth);
});
