import { isDiskFull } from '../../../../base/disk-full.ts';
import type { Reserve } from '../../../../base/reserve.ts';
import { err, ok, type Result } from '../../../../base/result.ts';
import type {
  ReferredEvidence,
  RetentionPolicy,
  RetentionReport,
} from '../../../../model/evidence/evidence-retention.ts';
import { closedError } from '../append-queue.ts';
import type { KeptFiles } from '../kept-files.ts';
import type { StoreLimits } from '../limits.ts';
import type { LiveSegment } from '../segment-list.ts';
import type { SetAside } from '../set-aside.ts';
import { writeError } from '../store-error.ts';
import { chooseMerge } from './choose-merge.ts';
import { judgeSegments, type SegmentVerdict } from './judge-segments.ts';
import { giveUp, replaceSegments, type ReplaceParts } from './replace-segments.ts';

/** What upkeep needs. */
export interface UpkeepParts extends ReplaceParts {
  readonly limits: StoreLimits;
  readonly keptFiles: KeptFiles;
  readonly logBytes: () => number;
  readonly reserve: Reserve;
  readonly setAside: SetAside;
  /** See `SegmentStoreOptions.whyFull`. */
  readonly whyFull: () => string | undefined;
}

/**
 * Keeps the segments in order: gives up what retention does not keep, and brings small ones
 * together. One thing at a time; a copier of the files makes it wait.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #policy: RetentionPolicy | undefined;
  #held: readonly ReferredEvidence[] = [];
  /** Could not be written anew, and is not tried again before the next start. */
  readonly #stubborn = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** What stayed at the last look although its time was over. */
  get held(): readonly ReferredEvidence[] {
    return this.#held;
  }

  /** Gives up whole segments at once; what else the policy does not keep goes by `tidy`. */
  retain(policy: RetentionPolicy): Promise<Result<RetentionReport>> {
    this.#policy = policy;
    return this.#inTurn(() => this.#expire(policy));
  }

  /** Does one piece of work; answers whether there was any. */
  tidy(): Promise<Result<boolean>> {
    return this.#inTurn(() => this.#tidy());
  }

  /** Resolves when nothing is going on; what is asked for later waits for nobody. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }

  #inTurn<Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> {
    const done = this.#turn.then(() => (this.#closed ? err(closedError()) : work()));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #judge(policy: RetentionPolicy): SegmentVerdict {
    const { segments, logBytes } = this.#parts;
    const densityOf = ({ id }: LiveSegment): readonly number[] | undefined =>
      segments.side(id)?.density;
    const verdict = judgeSegments(segments.all, policy, logBytes(), densityOf);
    this.#held = verdict.held;
    return verdict;
  }

  async #expire(policy: RetentionPolicy): Promise<Result<RetentionReport>> {
    const { expire } = this.#judge(policy);
    // Retention comes again; whoever copies the files would miss them now.
    if (this.#parts.keptFiles.areKept) return ok(NOTHING);
    try {
      if (expire.length === 0) {
        while (await this.#parts.reserve.grow());
        return ok(NOTHING);
      }
      await this.#giveUp(expire);
    } catch (error) {
      return err(writeError('expiring segments', error));
    }
    const report = {
      segments: expire.length,
      bytes: expire.reduce((sum, { segment }) => sum + segment.facts.bytes, 0),
      referredSegments: expire.filter(({ why }) => why === 'bytes, although held').length,
    };
    const { say } = this.#parts;
    say.info('SegmentsExpired', report);
    if (report.referredSegments > 0)
      say.warn('HeldEvidenceExpired', { segments: report.referredSegments });
    return ok(report);
  }

  async #giveUp(expire: SegmentVerdict['expire']): Promise<void> {
    for (const [why, group] of Map.groupBy(expire, (each) => each.why)) {
      const left = (): string[] =>
        group
          .map(({ segment }) => segment.id)
          .filter((id) => this.#parts.segments.get(id) !== undefined);
      try {
        await giveUp(this.#parts, left(), why);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        // All of it: what is written down here frees more.
        while (this.#parts.reserve.giveUp());
        await giveUp(this.#parts, left(), why);
      }
    }
  }

  async #tidy(): Promise<Result<boolean>> {
    const { keptFiles, segments, limits } = this.#parts;
    if (keptFiles.areKept) return ok(false);
    if (this.#policy !== undefined) {
      // The store may have grown beyond its bytes since retention was last asked for.
      const expired = await this.#expire(this.#policy);
      if (!expired.ok) return expired;
      if (expired.value.segments > 0) return ok(true);
    }
    // New segments are written beside the old ones, which takes room before it frees any.
    if (this.#parts.whyFull() !== undefined) return ok(false);
    const thin = this.#policy === undefined ? [] : this.#judge(this.#policy).thin;
    const thinning = thin.find(({ segment }) => !this.#stubborn.has(segment.id));
    if (thinning !== undefined) return await this.#replace([thinning.segment], thinning.drop);
    const run = chooseMerge(segments.all, limits, this.#stubborn);
    return run === undefined ? ok(false) : await this.#replace(run, []);
  }

  async #replace(
    inputs: readonly LiveSegment[],
    drop: Parameters<typeof replaceSegments>[2],
  ): Promise<Result<boolean>> {
    const replaced = await replaceSegments(this.#parts, inputs, drop);
    if (replaced.ok) return ok(true);
    if (replaced.damaged !== undefined) {
      await this.#parts.setAside.add(replaced.damaged, replaced.error.detail);
      return ok(true);
    }
    if (replaced.error.code === 'LG_STORE_ENGINE_FAILED') {
      for (const { id } of inputs) this.#stubborn.add(id);
    }
    return replaced;
  }
}

const NOTHING: RetentionReport = { segments: 0, bytes: 0, referredSegments: 0 };
