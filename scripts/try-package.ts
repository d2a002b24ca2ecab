import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePorts } from '../test/place/free-ports.ts';

/**
 * Packs the product, installs it into an empty project elsewhere and uses it there: the command
 * line answers, the daemon serves its UI and stores a record, each export loads, and the type
 * declarations compile. Needs the npm registry.
 */

const root = join(import.meta.dirname, '..');

/** Packing builds the UI and installing fetches the query engine; beyond this it hangs. */
const commandTimeoutMs = 240_000;

function run(folder: string, program: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: commandTimeoutMs,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}: ${stdout}`);
}

/** A cold start on a busy machine; promised are three seconds. */
const readyTimeoutMs = 60_000;

/** Starts the installed daemon, sends it a record, asks for it, looks at the UI and stops it. */
async function tryDaemon(elsewhere: string): Promise<void> {
  const program = join(elsewhere, 'node_modules', 'lastgood', 'bin', 'lastgood');
  const config = join(elsewhere, 'lastgood.yaml');
  const [ui, otlp] = await freePorts(2);
  writeFileSync(
    config,
    `version: 1\nlisten: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", ` +
      `otlpGrpc: false, syslogUdp: false, syslogTcp: false }\nsources: []\n`,
  );
  const place = ['--config', config, '--data', join(elsewhere, 'data')];
  const daemon = spawn('node', [program, 'up', ...place], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => daemon.kill('SIGKILL'), readyTimeoutMs);
  try {
    for await (const line of createInterface({ input: daemon.stdout })) {
      if (line.startsWith('ready ')) break;
    }
    const page = await fetch(`http://127.0.0.1:${ui}/`);
    const html = await page.text();
    if (!page.ok || !html.includes('<script')) throw new Error(`the UI answered ${page.status}`);
    const sent = await fetch(`http://127.0.0.1:${otlp}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceLogs: [
          { scopeLogs: [{ logRecords: [{ body: { stringValue: 'packed and unpacked' } }] }] },
        ],
      }),
    });
    if (sent.status !== 200) throw new Error(`OTLP answered ${sent.status}`);
    const events = run(elsewhere, 'node', [program, 'events', '--since', '1h', '--json', ...place]);
    if (!events.includes('packed and unpacked')) throw new Error(`no record in: ${events}`);
  } finally {
    clearTimeout(timer);
    daemon.kill('SIGTERM');
    if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
  }
  if (daemon.exitCode !== 0) throw new Error(`up ended with ${String(daemon.exitCode)}`);
  console.log('lastgood up: serves the UI, stores a record, stops');
}

/** The names under which a user may import the package. */
function exportedNames(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const isObject = typeof manifest === 'object' && manifest !== null && 'exports' in manifest;
  const names = isObject ? Object.keys(manifest.exports ?? {}) : [];
  return names
    .filter((name) => name !== './package.json')
    .map((name) => name.replace(/^\./, 'lastgood'));
}

async function tryIn(elsewhere: string): Promise<void> {
  run(root, 'npm', ['pack', '--silent', '--pack-destination', elsewhere]);
  const [archive] = readdirSync(elsewhere).filter((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack left no archive');
  writeFileSync(join(elsewhere, 'package.json'), '{"type":"module","private":true}');
  run(elsewhere, 'npm', ['install', '--silent', '--no-audit', '--no-fund', `./${archive}`]);
  console.log(`installed ${archive}`);

  const version = run(elsewhere, 'node', ['node_modules/lastgood/bin/lastgood', '--version']);
  console.log(`lastgood --version: ${version.trim()}`);
  run(elsewhere, 'node', ['node_modules/lastgood/bin/lastgood', 'config', 'schema']);
  console.log('lastgood config schema: answers');

  await tryDaemon(elsewhere);

  const names = exportedNames();
  if (names.length === 0) throw new Error('package.json exports nothing');
  const imports = names.map((name, index) => `import * as part${index} from '${name}';`);
  const uses = names.map((_, index) => `void part${index};`);
  writeFileSync(join(elsewhere, 'use.mts'), [...imports, ...uses, ''].join('\n'));
  run(elsewhere, 'node', ['use.mts']);
  console.log(`imports: ${names.join(', ')}`);
  const compile = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  run(elsewhere, join(root, 'node_modules', '.bin', 'tsc'), [...compile, ...types, 'use.mts']);
  console.log('type declarations: compile without skipLibCheck');
}

const elsewhere = mkdtempSync(join(tmpdir(), 'lastgood-package-'));
try {
  await tryIn(elsewhere);
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}
