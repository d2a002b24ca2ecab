import { toSecond } from '../../../base/time.ts';
import { counted } from '../../../base/counted.ts';
import type { CallAnswer } from '../../../api/client.ts';
import { factWords } from '../../../api/contract/fact-words.ts';
import { fromDataDirectory } from '../../offline/read-without-daemon.ts';
import { addCall, listOption, textOption } from '../../remote/call-command.ts';
import { showDiff } from './checkpoint-diff.ts';
import { addCheckpointExport } from './checkpoint-export.ts';
import { exerciseText } from '../../../model/checkpoint/exercise-text.ts';
import { isCompareOnly, PINNED_WITHOUT_REASON } from '../../../model/checkpoint/checkpoint.ts';
import type { AddCommand } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless, paint, type Tone } from '../../screen/paint.ts';
import { showTable } from '../../screen/table.ts';

type Checkpoint = CallAnswer<'checkpointShow'>;

const TONES: Readonly<Record<Checkpoint['status'], Tone>> = {
  captured: 'warn',
  restorable: 'warn',
  good: 'good',
  proven: 'good',
  suspect: 'bad',
  bad: 'bad',
  unrestorable: 'bad',
};

/** `lastgood checkpoint …`: restorable state with the evidence that tells whether it was good. */
export const addCheckpoint: AddCommand = (program, bind) => {
  const checkpoint = program.command('checkpoint').description('states to go back to');
  addReading(checkpoint, bind);
  addKeeping(checkpoint, bind);
  addCheckpointExport(checkpoint, bind);
};

function addReading(...[checkpoint, bind]: Parameters<AddCommand>): void {
  addCall(checkpoint, bind, {
    words: 'list',
    examples: ['checkpoint list', 'checkpoint list --component checkout'],
    about: 'checkpoints, newest first',
    options: [['--component <name>', 'only those that hold this component']],
    call: 'checkpointList',
    withoutDaemon: fromDataDirectory('checkpointList'),
    input: (_args, options) => {
      const component = textOption(options['component']);
      return component === undefined ? {} : { component };
    },
    show: ({ checkpoints }, screen) =>
      showTable(
        screen,
        'no checkpoints yet',
        ['ID', 'STATUS', 'TAKEN (UTC)', 'WHY', 'STATES', 'LEVEL', 'BECAUSE'],
        checkpoints.map((one) => [
          one.id,
          paint(screen, TONES[one.status], statusWord(one)),
          one.manifest.takenAt.slice(0, 19),
          one.manifest.reason.kind,
          `${one.manifest.captures.length}`,
          harmless(one.level),
          harmless(one.statusReason),
        ]),
      ),
  });
  addCall(checkpoint, bind, {
    words: 'show <id>',
    examples: ['checkpoint show cp_ef10cd0229c5815fa6897c83'],
    about: 'what it holds, how consistent it is, what was left out',
    call: 'checkpointShow',
    withoutDaemon: fromDataDirectory('checkpointShow'),
    input: ([id = '']) => ({ id }),
    show: (answer, screen) => void showCheckpoint(answer, screen),
  });
  addCall(checkpoint, bind, {
    words: 'explain <id>',
    examples: ['checkpoint explain cp_ef10cd0229c5815fa6897c83'],
    about: 'why it has its status',
    call: 'checkpointExplain',
    withoutDaemon: fromDataDirectory('checkpointExplain'),
    input: ([id = '']) => ({ id }),
    show: ({ checkpoint: view, facts, evidence }, screen) => {
      screen.out(
        `${view.id} is ${paint(screen, TONES[view.status], view.status)}: ${view.statusReason}`,
      );
      if (view.exercise !== undefined) screen.out(harmless(exerciseText(view.exercise)));
      screen.out(`consistency ${harmless(view.claim)}`);
      if (evidence !== undefined) screen.out(evidence);
      for (const fact of facts) screen.out(`  ${toSecond(fact.at)}  ${factWords(fact)}`);
      return undefined;
    },
  });
  addComparing(checkpoint, bind);
}

function addComparing(...[checkpoint, bind]: Parameters<AddCommand>): void {
  addCall(checkpoint, bind, {
    words: 'diff <a> [b]',
    examples: [
      'checkpoint diff cp_ef10cd0229c5815fa6897c83',
      'checkpoint diff cp_ef10cd0229c5815fa6897c83 --component checkout',
    ],
    about: 'what changed between two checkpoints, or from one to now',
    options: [['--component <names>', 'only these components, separated by commas']],
    call: 'checkpointDiff',
    input: ([id = '', other = 'now'], options) => {
      const component = textOption(options['component']);
      return { id, other, ...(component === undefined ? {} : { component }) };
    },
    show: (answer, screen) => void showDiff(answer, screen),
    judge: ({ changes, notCompared }) => (changes.length + notCompared.length === 0 ? 0 : 1),
  });
  addCall(checkpoint, bind, {
    words: 'check [id]',
    examples: ['checkpoint check', 'checkpoint check cp_ef10cd0229c5815fa6897c83'],
    about: 're-read, decrypt and verify every byte',
    call: 'checkpointCheck',
    input: ([id]) => (id === undefined ? {} : { checkpoint: id }),
    show: (answer, screen) => {
      for (const { checkpoint: id, why } of answer.problems) {
        screen.out(`${paint(screen, 'bad', 'cannot be restored')} ${id}: ${harmless(why)}`);
      }
      const { checkpoints, blobs, bytes } = answer;
      const amount = `${checkpoints} checkpoints, ${blobs} blobs, ${bytes} bytes`;
      screen.out(`${answer.ok ? paint(screen, 'good', 'sound') : 'checked'}: ${amount}`);
      return undefined;
    },
    judge: ({ ok }) => (ok ? 0 : 1),
  });
}

function addKeeping(...[checkpoint, bind]: Parameters<AddCommand>): void {
  addCall(checkpoint, bind, {
    words: 'take',
    examples: ['checkpoint take --note "before the upgrade"'],
    about: 'take a checkpoint now',
    options: [
      ['--component <names>', 'only these components, separated by commas'],
      ['--note <text>', 'kept with it'],
    ],
    call: 'checkpointTake',
    input: (_args, options) => {
      const components = listOption(options['component']);
      const note = textOption(options['note']);
      return {
        ...(components === undefined ? {} : { components: [...components] }),
        ...(note === undefined ? {} : { note }),
      };
    },
    show: (answer, screen) => void showCheckpoint(answer, screen),
  });
  addCall(checkpoint, bind, {
    words: 'pin <id>',
    examples: ['checkpoint pin cp_ef10cd0229c5815fa6897c83 --reason "before the migration"'],
    about: 'keep it whatever retention says',
    options: [['--reason <text>', 'why']],
    call: 'checkpointPin',
    input: ([id = ''], options) => ({
      id,
      reason: textOption(options['reason']) ?? PINNED_WITHOUT_REASON,
    }),
    show: ({ id }, screen) => void screen.out(`${id} is pinned`),
  });
  addCall(checkpoint, bind, {
    words: 'unpin <id>',
    examples: ['checkpoint unpin cp_ef10cd0229c5815fa6897c83'],
    about: 'leave it to retention again',
    call: 'checkpointUnpin',
    input: ([id = '']) => ({ id }),
    show: ({ id }, screen) => void screen.out(`${id} is not pinned`),
  });
  addForget(checkpoint, bind);
}

function addForget(...[checkpoint, bind]: Parameters<AddCommand>): void {
  addCall(checkpoint, bind, {
    words: 'forget [ids...]',
    examples: ['checkpoint forget --dry-run', 'checkpoint forget cp_ef10cd0229c5815fa6897c83'],
    about: 'drop the named ones, or those that retention no longer keeps',
    options: [['--dry-run', 'only say what would go']],
    call: 'checkpointForget',
    input: (ids, options) => ({
      ...(ids.length === 0 ? {} : { checkpoints: [...ids] }),
      dryRun: options['dryRun'] === true,
    }),
    show: (answer, screen) => {
      for (const id of answer.forgotten)
        screen.out(`${answer.dryRun ? 'would forget' : 'forgot'} ${id}`);
      for (const { id, why } of answer.kept) screen.out(`kept ${id}: ${harmless(why)}`);
      const { freedBytes, notFreed } = answer;
      screen.out(
        notFreed === undefined ? `${freedBytes} bytes freed` : `nothing freed: ${notFreed}`,
      );
      return undefined;
    },
  });
}

/** What only compares is never called restorable. */
function statusWord({ status, manifest }: Checkpoint): string {
  if (!isCompareOnly(manifest)) return status;
  return status === 'restorable' ? 'compare-only' : `${status}, compare-only`;
}

function showCheckpoint(view: Checkpoint, screen: Screen): void {
  const { manifest } = view;
  screen.out(`${view.id}  ${paint(screen, TONES[view.status], statusWord(view))}`);
  screen.out(`  ${harmless(view.statusReason)}`);
  if (view.exercise !== undefined) screen.out(`  ${harmless(exerciseText(view.exercise))}`);
  screen.out(`  taken ${toSecond(manifest.takenAt)}, reason: ${manifest.reason.kind}`);
  screen.out(`  health then: ${manifest.verdict}`);
  screen.out(`  consistency ${harmless(view.claim)}`);
  for (const sentence of view.coverage) screen.out(`  ${harmless(sentence)}`);
  for (const capture of manifest.captures) {
    const marks = [
      ...(capture.unstable ? [', unstable'] : []),
      ...(capture.compareOnly ? [', compare-only'] : []),
    ].join('');
    const size = `${counted(capture.items, 'item')}, ${counted(capture.bytes, 'byte')}`;
    screen.out(`  ${capture.state}: ${size}${marks}`);
    for (const held of capture.coverage.included) screen.out(`    covers: ${harmless(held)}`);
    for (const left of capture.coverage.excluded) screen.out(`    left out: ${harmless(left)}`);
    for (const drift of capture.drift ?? []) {
      screen.out(`    ${paint(screen, 'warn', 'drift')}: ${harmless(drift)}`);
    }
  }
  for (const { state, why } of manifest.failures) {
    screen.out(`  ${paint(screen, 'bad', 'not captured')} ${state}: ${harmless(why)}`);
  }
}
