import { parseRfc3339, toRfc3339, timeNs, toSecond } from '../../base/time.ts';
import { CaseBuilder, type CaseWindows } from '../../evidence/diagnose/windows/case-builder.ts';
import { compareWindows } from '../../evidence/diagnose/windows/compare-windows.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ClockOverlay } from '../../model/evidence/clock-overlay.ts';
import type { Diagnosis } from '../../model/incident/suspect.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { addExamples } from '../example.ts';
import type { AddCommand, Invocation } from '../invocation.ts';
import { alignedNs, overlayOfFiles, timesOf } from '../offline/align-files.ts';
import { dataFiles, FORMATS_HELP } from '../offline/data-files.ts';
import { fileInventory } from '../offline/file-inventory.ts';
import { readData } from '../offline/read-data.ts';
import { readTopology } from '../offline/read-topology.ts';
import { rareErrors } from '../offline/read-counts.ts';
import { rankTold } from '../offline/rank-told.ts';
import { refuseInVain, tellFiles } from '../offline/tell-files.ts';
import { ToldRecords } from '../offline/told-evidence.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';

interface DiagnoseOptions {
  readonly data: readonly string[];
  readonly incident: string;
  readonly baseline?: string;
  readonly topology?: string;
}

/** Without a baseline: so many times the incident's length before it, but no less than this. */
const BASELINE_TIMES = 3n;
const BASELINE_LEAST_NS = 10n * 60_000_000_000n;

/** `lastgood diagnose`: who is to blame, from files alone. */
export const addDiagnose: AddCommand = (program, bind) => {
  addExamples(program.command('diagnose'), [
    'diagnose --data case.jsonl --incident 2026-11-21T10:00:00Z/2026-11-21T10:03:00Z',
    'diagnose --data logs/ wan0.pcap --incident 2026-11-21T10:00:00Z/2026-11-21T10:03:00Z ' +
      '--baseline 2026-11-21T09:00:00Z/2026-11-21T09:30:00Z',
  ])
    .description('rank what is to blame for an incident, from files of any mix of formats')
    .requiredOption('--data <paths...>', 'files and folders, each as PATH or FORMAT:PATH')
    .requiredOption('--incident <range>', 'from/to, RFC 3339')
    .option('--baseline <range>', 'when all was well; default: the time before the incident')
    .option('--topology <file>', 'JSON {"edges":[{"from","to"}]}, caller to callee')
    .addHelpText('after', FORMATS_HELP)
    .action(
      bind(async (invocation, options: DiagnoseOptions) => {
        const diagnosis = await diagnoseFiles(options, invocation);
        const { screen } = invocation;
        if (screen.isJson) screen.json(diagnosis);
        else showDiagnosis(diagnosis, screen);
        return 0;
      }),
    );
};

async function diagnoseFiles(
  options: DiagnoseOptions,
  invocation: Invocation,
): Promise<FileDiagnosis> {
  const { screen, signal } = invocation;
  const inventory = await fileInventory(invocation);
  const windows = windowsOf(options);
  const known = options.topology === undefined ? [] : readTopology(options.topology);
  const batches: RecordBatch[] = [];
  let records = 0;
  const take = (batch: RecordBatch): void => {
    records += batch.rows;
    if (records > RECORDS_MAX) throw tooMany();
    batches.push(batch);
  };
  const read = await readData(dataFiles(options.data), take, signal, inventory.resolve);
  tellFiles(read, screen);
  refuseInVain(read);
  const began = performance.now();
  const overlay = overlayOfFiles(batches);
  const builder = new CaseBuilder(windows);
  const words = new ToldRecords(windows, overlay);
  for (const batch of batches) {
    builder.add(batch, (row) => alignedNs(batch, row, overlay));
    words.add(batch);
  }
  if (builder.during === 0) throw nothingDuring(options.incident, batches, overlay);
  const compared = compareWindows(builder.build([...inventory.dependencies, ...known]));
  const told = words.end(inventory);
  const { fromNs, toNs } = windows.incident;
  const incident = { from: toRfc3339(timeNs(fromNs)), to: toRfc3339(timeNs(toNs)) };
  const ranked = rankTold(incident, compared, told, inventory, known);
  return {
    incident,
    ...ranked,
    notes: [...told.notes, ...rareErrors(told.evidence, ranked.suspects)],
    elapsedMs: Math.round(performance.now() - began),
  };
}

/** What `diagnose` of files answers: a diagnosis, and what was read in vain. */
interface FileDiagnosis extends Diagnosis {
  readonly notes: readonly string[];
}

/** Records are held as columns, about half a kilobyte each. */
const RECORDS_MAX = 4_000_000;

/** No data is not good news. */
function nothingDuring(
  incident: string,
  batches: readonly RecordBatch[],
  overlay: ClockOverlay,
): Error {
  const range = timesOf(batches, overlay);
  const held =
    range === undefined
      ? 'the files hold none'
      : `the records are of ${second(range.first)} to ${second(range.last)}`;
  const detail = `no record lies within --incident ${incident}, so nothing can be said; ${held}`;
  return lgError('LG_RUNTIME_USAGE', detail);
}

function tooMany(): Error {
  const detail = `the files hold more than ${RECORDS_MAX} records; name fewer of them`;
  return lgError('LG_RUNTIME_USAGE', detail);
}

function windowsOf({ incident, baseline }: DiagnoseOptions): CaseWindows {
  const during = rangeOf('--incident', incident);
  if (baseline !== undefined)
    return { incident: during, baseline: rangeOf('--baseline', baseline) };
  const wanted = (during.toNs - during.fromNs) * BASELINE_TIMES;
  const length = wanted > BASELINE_LEAST_NS ? wanted : BASELINE_LEAST_NS;
  return { incident: during, baseline: { fromNs: during.fromNs - length, toNs: during.fromNs } };
}

function rangeOf(option: string, text: string): CaseWindows['incident'] {
  const [from, to, ...rest] = text.split('/');
  const [fromNs, toNs] = [parseRfc3339(from ?? ''), parseRfc3339(to ?? '')];
  if (fromNs === undefined || toNs === undefined || rest.length > 0) {
    const example = '2026-11-21T10:00:00Z/2026-11-21T10:03:00Z';
    throw lgError('LG_RUNTIME_USAGE', `${option} is "${text}"; write FROM/TO as ${example}`);
  }
  if (fromNs < toNs) return { fromNs, toNs };
  throw lgError('LG_RUNTIME_USAGE', `${option} is "${text}": it ends before it begins`);
}

function showDiagnosis(diagnosis: FileDiagnosis, screen: Screen): void {
  const { suspects, rollback, notes } = diagnosis;
  if (suspects.length === 0) {
    const seen = notes.length === 0 ? '' : '; what was seen says too little to blame anybody';
    screen.out(`nothing is out of the ordinary against the baseline${seen}`);
  }
  for (const { rank, component, verdict, score, reasons, order } of suspects) {
    const tone = verdict === 'LIKELY' ? 'bad' : verdict === 'CORRELATED' ? 'warn' : 'dim';
    const name = paint(screen, 'strong', harmless(component));
    screen.out(`${rank}. ${name}  ${paint(screen, tone, verdict)}  ${score.toFixed(2)}`);
    if (order !== undefined) screen.out(`     in time: ${harmless(order.text)}`);
    for (const { text } of reasons) screen.out(`     ${harmless(text)}`);
  }
  for (const note of notes) screen.out(`also read: ${harmless(note)}`);
  screen.out(`rollback: ${rollback.helps}; ${rollback.why}`);
}

/** A moment for people: nobody names an incident by nanoseconds. */
function second(ns: bigint): string {
  return toSecond(toRfc3339(timeNs(ns)));
}
