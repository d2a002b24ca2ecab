import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Wall and CPU seconds of one tool in one stage: of its process, and for us of the work alone,
 * because the daemon that does it is running. Commands we start are counted, our start is not.
 */
export interface StageTime {
  readonly tool: 'lastgood' | 'restic' | 'borg';
  readonly stage: 'first' | 'unchanged' | 'changed' | 'restore';
  readonly wallS: number;
  readonly cpuS: number;
}

/** Row 15 of the measures: what a checkpoint and a restore cost beside two backup programs. */
export interface CheckpointFigures {
  readonly files: number;
  readonly megabytes: number;
  readonly times: readonly StageTime[];
  /** Ours divided by theirs, per stage; at most 1 is the goal. */
  readonly ratios: readonly {
    readonly stage: StageTime['stage'];
    readonly against: 'restic' | 'borg';
    readonly wall: number;
    readonly cpu: number;
  }[];
  /** Programs that are not installed, so that nothing could be compared with them. */
  readonly skipped: readonly string[];
}

const STAGES = ['first', 'unchanged', 'changed', 'restore'] as const;
const FILES = 10_000;
const BYTES = 500_000_000;
const FOLDERS = 100;
/** One file in a hundred changes. */
const CHANGED_EVERY = 100;

/**
 * Measures checkpoints of 10,000 files with 500 MB, half text and half incompressible: first,
 * unchanged, 1 % changed, then a restore of everything. All tools run as processes of their own,
 * with encryption and compression as they come, one after the other on the same warm tree.
 */
export async function measureCheckpoints(files = FILES, bytes = BYTES): Promise<CheckpointFigures> {
  const root = await fs.mkdtemp(join(os.tmpdir(), 'lastgood-row-15-'));
  try {
    const tree = join(root, 'tree');
    await buildTree(tree, files, bytes);
    const tools = await findTools(root, tree);
    for (const tool of tools.found) await tool.prepare();
    const times: StageTime[] = [];
    for (const stage of STAGES) {
      if (stage === 'changed') await changeTree(tree, files);
      for (const tool of tools.found) times.push(await measure(tool, stage, tree));
    }
    return { files, megabytes: bytes / 1e6, times, ratios: ratiosOf(times), ...tools };
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
}

interface Tool {
  readonly name: StageTime['tool'];
  prepare(): Promise<void>;
  /** The command of a stage, and the folder it restores into. */
  command(stage: StageTime['stage']): { readonly words: readonly string[]; readonly cwd: string };
  readonly env: Readonly<Record<string, string>>;
}

async function measure(tool: Tool, stage: StageTime['stage'], tree: string): Promise<StageTime> {
  const { words, cwd } = tool.command(stage);
  await fs.mkdir(cwd, { recursive: true });
  // Ours restores in place, so the tree is moved away first; the others restore beside it. Removing
  // it would not do: for seconds ext4 passes over the inodes of what was removed, one by one, so
  // that the restore would pay for the removal.
  if (stage === 'restore' && tool.name === 'lastgood') await fs.rename(tree, `${tree}-before`);
  await run('sync');
  const script = 'TIMEFORMAT="TIMES %R %U %S"; time "$@"';
  const env = { PATH: process.env['PATH'] ?? '', HOME: os.homedir(), ...tool.env };
  const { stderr, stdout } = await run('bash', ['-c', script, 'bash', ...words], {
    cwd,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (tool.name === 'lastgood') return { tool: tool.name, stage, ...JSON.parse(stdout) };
  const match = /TIMES ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr);
  if (match === null) throw new Error(`${tool.name} ${stage}: no times in ${stderr}`);
  const [wallS = 0, userS = 0, systemS = 0] = match.slice(1).map(Number);
  return { tool: tool.name, stage, wallS, cpuS: userS + systemS };
}

async function findTools(
  root: string,
  tree: string,
): Promise<{ readonly found: readonly Tool[]; readonly skipped: readonly string[] }> {
  const found: Tool[] = [resticTool(root, tree), borgTool(root, tree)];
  const isThere = await Promise.all(
    found.map((tool) =>
      run('sh', ['-c', `command -v ${tool.name}`]).then(
        () => true,
        () => false,
      ),
    ),
  );
  const skipped = found
    .filter((_tool, index) => !isThere[index])
    .map(({ name }) => `${name}: not installed`);
  // Ours goes last in the restore, because it moves the tree away.
  return {
    found: [...found.filter((_tool, index) => isThere[index]), ownTool(root, tree)],
    skipped,
  };
}

function ownTool(root: string, tree: string): Tool {
  const data = join(root, 'lastgood');
  const script = join(import.meta.dirname, 'checkpoint-stage.ts');
  // The package is built, and the daemon has long been running: neither waits for Node to translate
  // and compile our sources, which it goes on with beside the work unless it is done already.
  const env = { NODE_COMPILE_CACHE: join(root, 'lastgood-compiled') };
  return {
    name: 'lastgood',
    env,
    prepare: async () => {
      await fs.mkdir(data);
      const words = [script, 'start', data, tree];
      await run(process.execPath, words, { env: { ...process.env, ...env } });
    },
    command: (stage) => {
      const verb = stage === 'restore' ? 'restore' : 'take';
      return { words: [process.execPath, script, verb, data, tree], cwd: root };
    },
  };
}

function resticTool(root: string, tree: string): Tool {
  const env = {
    RESTIC_REPOSITORY: join(root, 'restic'),
    RESTIC_PASSWORD: 'row 15',
    RESTIC_CACHE_DIR: join(root, 'restic-cache'),
  };
  const target = join(root, 'restic-restored');
  return {
    name: 'restic',
    env,
    prepare: async () => {
      await run('restic', ['init', '-q'], { env: { ...process.env, ...env } });
    },
    command: (stage) => {
      const words = ['backup', tree];
      if (stage === 'restore') words.splice(0, 2, 'restore', 'latest', '--target', target);
      return { words: ['restic', '-q', ...words], cwd: root };
    },
  };
}

function borgTool(root: string, tree: string): Tool {
  const repository = join(root, 'borg');
  const env = { BORG_PASSPHRASE: 'row 15', BORG_BASE_DIR: join(root, 'borg-base') };
  return {
    name: 'borg',
    env,
    prepare: async () => {
      const words = ['init', '-e', 'repokey', repository];
      await run('borg', words, { env: { ...process.env, ...env } });
    },
    command: (stage) =>
      stage === 'restore'
        ? { words: ['borg', 'extract', `${repository}::changed`], cwd: join(root, 'borg-restored') }
        : { words: ['borg', 'create', `${repository}::${stage}`, tree], cwd: root },
  };
}

async function buildTree(tree: string, files: number, bytes: number): Promise<void> {
  const draw = generator(15);
  const words = Array.from({ length: 4_000 }, (_, index) =>
    createHash('sha256')
      .update(`word ${index}`)
      .digest('base64')
      .slice(0, 3 + (index % 8)),
  );
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    await fs.mkdir(join(tree, `d${folder}`), { recursive: true });
  }
  const mean = bytes / files;
  for (let index = 0; index < files; index += 1) {
    const size = Math.floor(mean * (0.1 + 1.8 * draw()));
    const content = index % 2 === 0 ? textOf(words, size, draw) : noiseOf(size, draw);
    await fs.writeFile(join(tree, `d${index % FOLDERS}`, `f${index}`), content);
  }
}

async function changeTree(tree: string, files: number): Promise<void> {
  for (let index = 0; index < files; index += CHANGED_EVERY) {
    const path = join(tree, `d${index % FOLDERS}`, `f${index}`);
    await fs.appendFile(path, `changed ${index}\n`);
  }
}

function textOf(words: readonly string[], size: number, draw: () => number): Buffer {
  const parts: string[] = [];
  for (let length = 0; length < size;) {
    const word = words[Math.floor(draw() * words.length)] ?? '';
    parts.push(word);
    length += word.length + 1;
  }
  return Buffer.from(parts.join(' ').slice(0, size));
}

function noiseOf(size: number, draw: () => number): Buffer {
  const noise = Buffer.alloc(size + 4);
  for (let at = 0; at < size; at += 4) noise.writeUInt32LE(Math.floor(draw() * 2 ** 32), at);
  return noise.subarray(0, size);
}

/** mulberry32: small, fast and without visible patterns in its high bits. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function ratiosOf(times: readonly StageTime[]): CheckpointFigures['ratios'] {
  return STAGES.flatMap((stage) => {
    const own = times.find((time) => time.tool === 'lastgood' && time.stage === stage);
    return times.flatMap(({ tool, stage: other, wallS, cpuS }) => {
      if (own === undefined || tool === 'lastgood' || other !== stage) return [];
      return [{ stage, against: tool, wall: own.wallS / wallS, cpu: own.cpuS / cpuS }];
    });
  });
}

if (import.meta.main) {
  const figures = await measureCheckpoints();
  console.table(figures.times);
  console.table(figures.ratios);
  for (const reason of figures.skipped) console.log(`SKIPPED ${reason}`);
}
