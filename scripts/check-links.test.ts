import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { checkLinks } from './check-links.ts';

it('the link check finds links and named paths that lead nowhere, and leaves the web alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'lastgood-links-'));
  mkdirSync(join(root, 'docs'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'here.ts'), '');
  writeFileSync(
    join(root, 'docs', 'page.md'),
    [
      '[up](../README.md) [part](page.md#part) [web](https://example.com) [gone](gone.md)',
      'see `src/here.ts`, `src/gone.ts` and `npm test`',
    ].join('\n'),
  );
  writeFileSync(join(root, 'README.md'), 'text');
  const { violations, files } = checkLinks(root);
  rmSync(root, { recursive: true });
  assert.equal(files, 2);
  assert.deepEqual(
    violations.map((line) => line.split(',')[0]),
    ['docs/page.md:1 points to docs/gone.md', 'docs/page.md:2 points to src/gone.ts'],
  );
});
