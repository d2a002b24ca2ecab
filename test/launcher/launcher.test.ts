import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { sourceStamp, stampFile } from '../../bin/build-stamp.js';

/**
 * The launcher under a Node that says it is older. A preloaded script changes the version the
 * launcher sees and removes itself from the environment, so no second Node is needed.
 */

const root = fs.mkdtempSync(join(tmpdir(), 'lastgood-launcher-'));
const bare = join(root, 'bare');
const project = join(root, 'project');

/** What stands in for the command line: it tells what it was given and waits where asked. */
const program = `
import { once } from 'node:events';
const words = process.argv.slice(2);
// Whoever reads the first line may send a signal at once, so listen before it is printed.
const ended = Promise.race(['SIGTERM', 'SIGHUP'].map((name) => once(process, name)));
console.log(JSON.stringify({ words }));
process.emitWarning('new and shiny', 'ExperimentalWarning');
process.emitWarning('do not use', 'DeprecationWarning');
if (words[0] === 'wait') {
  const alive = setInterval(() => {}, 1000);
  const [signal] = await ended;
  console.log(signal);
  clearInterval(alive);
}
if (words[0] === 'abort') process.kill(process.pid, 'SIGABRT');
if (words[0] === 'input') for await (const chunk of process.stdin) process.stdout.write(chunk);
process.exitCode = 5;
`;

const actAsOlder = `
delete process.env.NODE_OPTIONS;
Object.defineProperty(process, 'version', { value: 'v20.11.0' });
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });
`;

before(() => {
  for (const folder of [bare, project]) {
    fs.mkdirSync(join(folder, 'dist', 'cli'), { recursive: true });
    fs.writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    fs.writeFileSync(join(folder, 'dist', 'cli', 'main.js'), program);
    fs.cpSync('bin', join(folder, 'bin'), { recursive: true });
  }
  fs.writeFileSync(join(root, 'older.cjs'), actAsOlder);
  const home = join(project, 'node_modules', `node-linux-${process.arch}`, 'bin');
  fs.mkdirSync(home, { recursive: true });
  fs.symlinkSync(process.execPath, join(home, 'node'));
});

after(() => fs.rmSync(root, { recursive: true }));

function environment(older: boolean): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  return older ? { ...env, NODE_OPTIONS: `--require ${join(root, 'older.cjs')}` } : env;
}

function run(folder: string, words: readonly string[], older: boolean, input = '') {
  return spawnSync(process.execPath, [join(folder, 'bin', 'lastgood'), ...words], {
    env: environment(older),
    encoding: 'utf8',
    input,
    timeout: 20_000,
  });
}

/** Starts a waiting program through the launcher and reads its first line. */
async function startWaiting() {
  const launcher = spawn(process.execPath, [join(project, 'bin', 'lastgood'), 'wait'], {
    env: environment(true),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
  assert.match(String((await lines.next()).value), /"words":\["wait"\]/);
  return { launcher, lines };
}

describe('bin/lastgood', () => {
  it('runs the program in its own process under a Node that is new enough', () => {
    const { stdout, status } = run(bare, ['status', '--json'], false);
    assert.match(stdout, /"words":\["status","--json"\]/);
    assert.equal(status, 5);
  });

  it("says what to install and exits 2 under an older Node without the project's own", () => {
    const { stderr, status } = run(bare, ['status'], true);
    assert.match(stderr, /^error LG_RUNTIME_NODE_TOO_OLD: .* is v20\.11\.0\. Install Node 24/);
    assert.equal(status, 2);
  });

  it("hands over to the project's own Node with arguments, input and exit code", () => {
    const { stdout, status } = run(project, ['input', '--limit', '3'], true, 'typed words');
    assert.match(stdout, /"words":\["input","--limit","3"\]/);
    assert.match(stdout, /typed words$/);
    assert.equal(status, 5);
  });

  it('hides that a module of Node is experimental, and nothing else', () => {
    for (const older of [false, true]) {
      const { stderr } = run(project, [], older);
      assert.doesNotMatch(stderr, /shiny/);
      assert.match(stderr, /do not use/);
    }
  });

  it('passes a signal on and ends as the program ended', async () => {
    const { launcher, lines } = await startWaiting();
    launcher.kill('SIGTERM');
    assert.equal((await lines.next()).value, 'SIGTERM');
    assert.deepEqual(await once(launcher, 'exit'), [5, null]);
  });

  it('dies of the signal that killed the program', () => {
    assert.equal(run(project, ['abort'], true).signal, 'SIGABRT');
  });

  it('takes the program with it when it is killed without warning', async () => {
    const { launcher, lines } = await startWaiting();
    launcher.kill('SIGKILL');
    // The output ends only when the program, its last holder, is gone.
    assert.equal((await lines.next()).done, true);
  });

  it('runs what was built from the sources of a checkout until one of them changes', () => {
    const checkout = join(root, 'checkout');
    const source = join(checkout, 'src', 'cli', 'main.ts');
    fs.mkdirSync(join(checkout, 'src', 'cli'), { recursive: true });
    fs.mkdirSync(join(checkout, 'dist', 'cli'), { recursive: true });
    fs.cpSync('bin', join(checkout, 'bin'), { recursive: true });
    fs.writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
    fs.writeFileSync(source, "const way: string = 'source';\nconsole.log(way);\n");
    fs.writeFileSync(join(checkout, 'dist', 'cli', 'main.js'), "console.log('build');\n");
    assert.equal(run(checkout, [], false).stdout, 'source\n', 'a build without a stamp');
    fs.writeFileSync(stampFile(checkout), sourceStamp(checkout));
    assert.equal(run(checkout, [], false).stdout, 'build\n');
    fs.writeFileSync(join(checkout, 'src', 'added.ts'), '');
    assert.equal(run(checkout, [], false).stdout, 'source\n', 'a file was added');
    fs.rmSync(join(checkout, 'src', 'added.ts'));
    assert.equal(run(checkout, [], false).stdout, 'build\n');
    fs.appendFileSync(source, '// changed\n');
    assert.equal(run(checkout, [], false).stdout, 'source\n', 'a file was changed');
  });

  it('ends with the `npm start` that started it', async () => {
    const { scripts } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    const start = `${scripts.start.replace(/ up$/, '')} wait`;
    const folder = join(root, 'started');
    fs.cpSync(project, folder, { recursive: true, verbatimSymlinks: true });
    const manifest = { type: 'module', scripts: { start } };
    fs.writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: folder,
      env: environment(false),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: npm.stdout })[Symbol.asyncIterator]();
    assert.match(String((await lines.next()).value), /"words":\["wait"\]/);
    npm.kill('SIGTERM');
    assert.equal((await lines.next()).value, 'SIGTERM');
    assert.equal((await lines.next()).done, true);
  });
});
