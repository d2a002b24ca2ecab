/**
 * The architecture as data: which folder may import which, and which folders are pure.
 *
 * `scripts/check-imports.ts` enforces this table and `ARCHITECTURE.md` prints it, so the picture
 * and the code cannot drift apart. Paths are relative to `src/`; `*` stands for one path part.
 * A folder may always import itself; everything else it needs must be named here.
 */

/** One unit of the source tree and what it may depend on. */
export interface FolderRule {
  /** Folder or module below `src/`, without extension; the most specific matching rule applies. */
  readonly folder: string;
  /** What the folder is for, in one sentence: `ARCHITECTURE.md` prints it. */
  readonly role: string;
  /** Units this one may import besides itself. */
  readonly imports: readonly string[];
  /**
   * Pure code has no `node:` module, no npm package, no clock and no randomness, so the offline
   * commands, the daemon, the tests and a browser all run the very same file.
   */
  readonly pure: boolean;
  /** Units it may load with `import()` only, and the modules that may do so. */
  readonly lazily?: { readonly imports: readonly string[]; readonly from: readonly string[] };
}

const core = ['base', 'model', 'ports'] as const;

/** The pure functions of the evidence plane: the file commands of the CLI run them directly. */
const pureEvidence = [
  'evidence/normalize',
  'evidence/align',
  'evidence/detect',
  'evidence/diagnose',
] as const;

const everything = [
  ...core,
  'linux',
  'account',
  'filetree',
  'local-provider',
  'runner',
  'evidence/*',
  'recovery/*',
  'adapters',
  'config',
  'api',
  'backup',
] as const;

/** The import table, from the ground up. */
export const folderRules: readonly FolderRule[] = [
  {
    folder: 'linux',
    role: "The formats of Linux's own files (/proc, /etc/passwd): text in, data out.",
    imports: [],
    pure: true,
  },
  {
    folder: 'linux/live',
    role: 'This very machine by those files: its processes, its boot, the groups we live in.',
    imports: ['linux'],
    pure: false,
  },
  {
    folder: 'base',
    role: 'Words without a domain: time, ids, bytes, results, bounded queues, hashes, the log.',
    imports: [],
    pure: false,
  },
  {
    folder: 'account',
    role: 'Whose user this process is, and the commands that let a user read or write a path.',
    imports: ['base', 'linux'],
    pure: false,
  },
  {
    folder: 'model',
    role: 'The nouns as readonly data with pure functions: records, checkpoints, plans, runs.',
    imports: ['base'],
    pure: true,
  },
  {
    folder: 'ports',
    role: 'What the core asks of the world; the comments are the contract adapters must keep.',
    imports: ['base', 'model'],
    pure: true,
  },
  {
    folder: 'evidence/collect',
    role: 'Runs sources: supervision, positions, back-pressure, gap detection.',
    imports: core,
    pure: false,
  },
  {
    folder: 'evidence/normalize',
    role: 'One raw input becomes a timeline record or a counted reject.',
    imports: core,
    pure: true,
  },
  {
    folder: 'evidence/align',
    role: 'Which component a record belongs to; the place where clocks are related.',
    imports: core,
    pure: true,
  },
  {
    folder: 'evidence/detect',
    role: 'Streaming counters become signals; what diagnosis needs to know is remembered.',
    imports: core,
    pure: true,
  },
  {
    folder: 'evidence/diagnose',
    role: 'Signals, changes and topology become ranked suspects.',
    imports: core,
    pure: true,
  },
  {
    folder: 'recovery/incident',
    role: 'Groups signals into incidents, moves them through their life, recommends a checkpoint.',
    imports: core,
    pure: true,
  },
  {
    folder: 'recovery/checkpoint',
    role: 'Consistent capture, seal, catalogue, status from facts, retention.',
    imports: core,
    pure: false,
  },
  {
    folder: 'recovery/plan',
    role: 'Chooses the target, computes the difference, the order and the risk of a rollback.',
    imports: core,
    pure: true,
  },
  {
    folder: 'recovery/automatic',
    role: 'Whether a rollback may begin by itself, with every reason why not.',
    imports: [...core, 'recovery/plan'],
    pure: true,
  },
  {
    folder: 'recovery/rollback',
    role: 'Drives a run: journal, effects, crash recovery.',
    imports: [...core, 'recovery/rollback/step'],
    pure: false,
  },
  {
    folder: 'recovery/rollback/step',
    role: 'The run as one pure function from state and event to state and effects.',
    imports: core,
    pure: true,
  },
  {
    folder: 'recovery/gate',
    role: 'Health probes and baseline-aware verification.',
    imports: core,
    pure: false,
  },
  {
    folder: 'filetree',
    role: 'A file tree as restorable state: read, compared, written file by file.',
    imports: [...core, 'filetree/compare'],
    pure: false,
  },
  {
    folder: 'filetree/compare',
    role: 'Differences, steps and scope of a file tree, as functions of two images.',
    imports: core,
    pure: true,
  },
  {
    folder: 'local-provider',
    role: 'What providers of this machine share: its identity, settings, commands, owed restarts.',
    imports: [...core, 'linux', 'filetree'],
    pure: false,
  },
  {
    folder: 'runner',
    role: 'The host runner: executes provider calls, one writer a state, fenced, with deadlines.',
    imports: [...core, 'linux'],
    pure: false,
  },
  {
    folder: 'adapters/*/*',
    role: 'One adapter of one port; it never sees its siblings.',
    imports: [...core, 'linux', 'account', 'filetree', 'local-provider'],
    pure: false,
  },
  {
    folder: 'adapters/registry',
    role: 'The only list of adapters, one line each.',
    imports: [...core, 'adapters'],
    pure: false,
  },
  {
    folder: 'config',
    role: 'Schema, defaults, loading and explaining of lastgood.yaml.',
    imports: core,
    pure: false,
  },
  {
    folder: 'api',
    role:
      'Routes and their types, the words that the command line and the pages share for them, the ' +
      'HTTP server, the event stream, the typed client.',
    imports: core,
    pure: false,
  },
  {
    folder: 'backup',
    role: 'Backs the data directory up while it is in use, verifies and restores it.',
    imports: [...core, 'account'],
    pure: false,
  },
  {
    folder: 'testing',
    role: 'The conformance suites that every adapter of a port must pass.',
    imports: core,
    pure: false,
  },
  {
    folder: 'daemon',
    role: 'The composition root: the only place that wires the parts together.',
    imports: everything,
    pure: false,
  },
  {
    folder: 'cli',
    role: 'One file per command; talks to the daemon over the API or to pure functions.',
    imports: ['base', 'account', 'model', 'config', 'api/contract', 'api/client', ...pureEvidence],
    pure: false,
    lazily: {
      imports: ['daemon'],
      from: [
        'cli/commands/up',
        'cli/commands/host',
        'cli/commands/deadman',
        'cli/commands/init',
        'cli/commands/config',
        'cli/commands/backup',
        'cli/commands/restore',
        'cli/offline/file-inventory',
        'cli/offline/read-without-daemon',
      ],
    },
  },
];

/** Programs outside `src/` that a module may start (not import), by `new URL(…)`. */
export const startedPrograms: readonly { readonly from: string; readonly program: string }[] = [
  { from: 'cli/commands/demo', program: 'demo/main.ts' }, // A user of ours, present in a checkout only.
];

/** npm packages that pure folders may use: a wire reader without generated code or globals. */
export const purePackages: readonly string[] = ['@bufbuild/protobuf/wire'];

/** Modules of `base` that may use `node:` and still serve pure folders, each with its reason. */
export const pureBaseModules: readonly string[] = [
  'base/hash', // SHA-256 has no state; a browser build swaps this one file.
  'base/text-slice', // Native slices of text, without state; swapped likewise.
];

/** What the folders beside `src/` may import from it; a path names a file or a whole folder. */
export const outsideRules: readonly {
  readonly folder: string;
  readonly imports: readonly string[];
  readonly why: string;
}[] = [
  { folder: 'web', imports: ['api/contract'], why: 'the browser knows the API and nothing else' },
  { folder: 'shop', imports: [], why: 'a shop knows nothing of who watches it' },
  { folder: 'demo', imports: [], why: 'the demo is a user: CLI, API and lastgood.yaml only' },
  { folder: 'lab', imports: [], why: 'the lab is a user: CLI, API and lastgood.yaml only' },
  { folder: 'test', imports: ['*'], why: 'tests may look at everything' },
  { folder: 'scripts', imports: ['*'], why: 'the tools that keep the project right read it all' },
];
