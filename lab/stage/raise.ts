import type { Book } from './book.ts';
import { cleanPart } from './janitor.ts';
import type { Part } from './part.ts';
import { installMissing, missingPrograms } from './programs.ts';
import type { StagePlace } from './stage-place.ts';
import { stageOf } from './stage.ts';

/** What became of one part. `skipped` says exactly what this machine lacks. */
export type PartReport = {
  readonly part: string;
  readonly state: 'kept' | 'started' | 'skipped' | 'failed';
  readonly elapsedMs: number;
  /** What the check saw, or why there was nothing to see. */
  readonly words: string;
};

/** What `raise` works on. */
export type RaiseOptions = {
  readonly place: StagePlace;
  readonly book: Book;
  /** With all they need, in an order in which each comes after what it needs. */
  readonly parts: readonly Part[];
  readonly say: (line: string) => void;
};

/**
 * Brings the parts up, each as soon as those it needs are. A part that stands and answers its check
 * is kept; one that does not is removed and started again, and with it all that build on it.
 */
export async function raise(options: RaiseOptions): Promise<readonly PartReport[]> {
  const { place, book, parts, say } = options;
  await installMissing(parts, place, say);
  const kept = await findKept(options);
  for (const part of parts.toReversed()) {
    if (!kept.has(part.name)) await removePart(options, part);
  }
  const reports = new Map<string, Promise<PartReport>>();
  for (const part of parts) {
    const needed = [...part.needs, ...(part.after ?? [])];
    const before = needed.flatMap((name) => reports.get(name) ?? []);
    const words = kept.get(part.name);
    const report =
      words === undefined
        ? Promise.all(before).then((ready) => bringUp({ place, book }, part, ready))
        : Promise.resolve<PartReport>({ part: part.name, state: 'kept', elapsedMs: 0, words });
    reports.set(part.name, report);
  }
  return Promise.all(reports.values());
}

/** Stops a part in its own way where it has one, then cleans from the book. */
async function removePart(
  { place, book }: Pick<RaiseOptions, 'place' | 'book'>,
  part: Part,
): Promise<void> {
  if (book.entries().some((entry) => entry.part === part.name)) {
    // A part that cannot say goodbye is removed all the same.
    await part.stop?.(stageOf(place, book, part.name)).catch(() => undefined);
  }
  await cleanPart(place, book, part.name);
}

/** The parts that stand, with what their check saw; none that needs one that does not. */
async function findKept({ place, book, parts }: RaiseOptions): Promise<Map<string, string>> {
  const ready = new Set(
    book.entries().flatMap(({ part, thing }) => (thing.kind === 'ready' ? [part] : [])),
  );
  const seen = await Promise.all(
    parts.map((part) =>
      ready.has(part.name)
        ? part.check(stageOf(place, book, part.name)).catch(() => undefined)
        : undefined,
    ),
  );
  const kept = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const words = seen[index];
    if (words !== undefined && part.needs.every((name) => kept.has(name))) {
      kept.set(part.name, words);
    }
  }
  return kept;
}

async function bringUp(
  { place, book }: Pick<RaiseOptions, 'place' | 'book'>,
  part: Part,
  before: readonly PartReport[],
): Promise<PartReport> {
  const startedAt = Date.now();
  const end = (state: PartReport['state'], words: string): PartReport => ({
    part: part.name,
    state,
    elapsedMs: Date.now() - startedAt,
    words,
  });
  const obstacle = findObstacle(part, place, before);
  if (obstacle !== undefined) return end('skipped', obstacle);
  try {
    const stage = stageOf(place, book, part.name);
    await part.start(stage);
    const words = await part.check(stage);
    stage.claim({ kind: 'ready' });
    return end('started', words);
  } catch (error) {
    return end('failed', error instanceof Error ? error.message : String(error));
  }
}

function findObstacle(
  part: Part,
  { isUnprivileged }: StagePlace,
  before: readonly PartReport[],
): string | undefined {
  if (isUnprivileged && part.unprivileged !== true) return 'needs root';
  const absent = before.find(
    ({ part: name, state }) =>
      part.needs.includes(name) && (state === 'skipped' || state === 'failed'),
  );
  if (absent !== undefined) return `needs ${absent.part}, which was ${absent.state}`;
  const missing = missingPrograms(part);
  if (missing.length === 0) return undefined;
  const programs = missing.map(({ command }) => command).join(', ');
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ');
  return `${programs} missing and not installable here; apt-get install ${packages}`;
}
