import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { checkImports } from './check-imports.ts';

/** Writes a small tree, checks it, removes it. */
function check(tree: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'lastgood-imports-'));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkImports(root).violations;
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('the import table', () => {
  it('lets imports point down', () => {
    const violations = check({
      'src/base/time.ts': 'export const a = 1;',
      'src/model/plan.ts': "import { a } from '../base/time.ts';\nexport const b = a;",
      'src/daemon/up.ts': "import '../recovery/plan/order.ts';\nimport '../adapters/registry.ts';",
      'src/adapters/sources/otlp/source.ts': "import { x } from './decode.ts';",
    });
    assert.deepEqual(violations, []);
  });

  it('names file and line, what is forbidden and what to do when an import points up', () => {
    const [violation, ...rest] = check({
      'src/model/plan.ts': "// why\nimport { a } from '../daemon/up.ts';",
    });
    assert.match(violation ?? '', /^src\/model\/plan\.ts:2 \(model\) must not import daemon\/up;/);
    assert.match(violation ?? '', /wire it in src\/daemon/);
    assert.deepEqual(rest, []);
  });

  it('keeps siblings apart', () => {
    const violations = check({
      'src/recovery/gate/probe.ts': "import '../plan/order.ts';",
      'src/adapters/sources/file/tail.ts': "import '../otlp/decode.ts';",
    });
    assert.equal(violations.length, 2);
  });

  it('sees re-exports, lazy imports and worker urls as imports', () => {
    const violations = check({
      'src/config/a.ts': "export { x } from '../daemon/up.ts';",
      'src/config/b.ts': "const x = await import('../daemon/up.ts');",
      'src/config/c.ts': "new Worker(new URL('../daemon/up.ts', import.meta.url));",
      'src/config/d.ts': "import type { X } from '../daemon/up.ts';",
    });
    assert.equal(violations.length, 4);
  });

  it('does not take comments, strings or regular expressions for imports', () => {
    const violations = check({
      'src/config/a.ts': [
        "// import '../daemon/up.ts';",
        '/* export * from "../daemon/up.ts" */',
        'const text = "import \'../daemon/up.ts\'";',
        "const pattern = /import '..\\/daemon\\/up.ts'/;",
        "const template = `import '../daemon/up.ts' ${`from '../daemon/up.ts'`}`;",
        "const from = Array.from('../daemon/up.ts');",
      ].join('\n'),
    });
    assert.deepEqual(violations, []);
  });

  it('refuses an import whose path is computed, because nobody can follow it', () => {
    const [violation] = check({ 'src/cli/a.ts': 'const x = await import(name);' });
    assert.match(violation ?? '', /computed path/);
  });

  it('keeps pure folders free of node modules, packages, the clock and randomness', () => {
    const violations = check({
      'src/model/a.ts': "import { readFileSync } from 'node:fs';",
      'src/ports/b.ts': "import type { ZodType } from 'zod';",
      'src/evidence/align/c.ts': 'export const now = () => Date.now() + Math.random();',
      'src/recovery/rollback/step.ts': 'export async function step() { await null; }',
      'src/evidence/normalize/d.ts': "import { BinaryReader } from '@bufbuild/protobuf/wire';",
    });
    assert.deepEqual(violations.map((line) => line.split(' ')[0]).toSorted(), [
      'src/evidence/align/c.ts:1',
      'src/evidence/align/c.ts:1',
      'src/model/a.ts:1',
      'src/ports/b.ts:1',
      'src/recovery/rollback/step.ts:1',
      'src/recovery/rollback/step.ts:1',
    ]);
  });

  it('keeps pure folders away from modules of base that use node, except the hash', () => {
    const violations = check({
      'src/base/hash.ts': "import { createHash } from 'node:crypto';",
      'src/base/log.ts': "import 'node:fs';",
      'src/base/near-log.ts': "import './log.ts';",
      'src/model/a.ts': "import '../base/hash.ts';\nimport '../base/near-log.ts';",
    });
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? '', /src\/model\/a\.ts:2 .* base\/near-log uses node: modules/);
  });

  it('lets only the commands that need it load the daemon, and only lazily', () => {
    assert.deepEqual(
      check({ 'src/cli/commands/up.ts': "await import('../../daemon/up.ts');" }),
      [],
    );
    assert.equal(check({ 'src/cli/commands/up.ts': "import '../../daemon/up.ts';" }).length, 1);
    assert.equal(
      check({ 'src/cli/commands/status.ts': "await import('../../daemon/up.ts');" }).length,
      1,
    );
  });

  it('lets the web see the API contract alone, and demo nothing', () => {
    const violations = check({
      'web/src/a.tsx': "import { routes } from '../../src/api/contract.ts';",
      'web/src/b.tsx': "import { x } from '../../src/model/plan.ts';",
      'demo/main.ts': "import { x } from '../src/api/contract.ts';",
    });
    assert.deepEqual(
      violations.map((line) => line.split(' ')[0]),
      ['web/src/b.tsx:1', 'demo/main.ts:1'],
    );
  });

  it('lets unit tests use node, packages and the conformance suites, but not other layers', () => {
    const violations = check({
      'src/model/plan.test.ts':
        "import 'node:test';\nimport 'fast-check';\nimport '../daemon/up.ts';",
      'src/adapters/providers/files/files.test.ts': "import '../../../testing/provider.ts';",
    });
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? '', /plan\.test\.ts:3/);
  });

  it('fails a file in a folder that has no rule, and a source that leaves the package', () => {
    const violations = check({
      'src/misc/a.ts': 'export {};',
      'src/config/b.ts': "import '../../scripts/check.ts';",
    });
    assert.equal(violations.length, 2);
  });

  it('reports that it read no file, so an empty run cannot pass', () => {
    const root = mkdtempSync(join(tmpdir(), 'lastgood-imports-'));
    assert.equal(checkImports(root).files, 0);
    rmSync(root, { recursive: true });
  });
});
