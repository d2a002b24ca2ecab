/** One time during which something fired, in buckets, both ends included. */
interface Episode {
  /** The bucket in which it was noticed. */
  readonly noticed: number;
  last: number;
}

/** Trouble begins at most about this long before a trigger fires, milliseconds. */
const NOTICE_MS = 10_000;

/** Remembers when something fired, so that those times are no part of what is normal. */
export class TroubledTimes {
  readonly #noticeBuckets: number;
  #episodes: Episode[] = [];

  constructor(bucketMs: number) {
    this.#noticeBuckets = Math.ceil(NOTICE_MS / bucketMs);
  }

  /** Whether something fires at the moment. */
  isNow = false;

  /** Whether something fired in a bucket, or was about to. */
  covers(bucket: number): boolean {
    return this.#episodes.some(
      ({ noticed, last }) => bucket >= noticed - this.#noticeBuckets && bucket <= last,
    );
  }

  /** Notes that something fires in a bucket. */
  mark(bucket: number): void {
    const current = this.#episodes.at(-1);
    if (current !== undefined && bucket <= current.last + 1) {
      current.last = Math.max(current.last, bucket);
    } else {
      this.#episodes.push({ noticed: bucket, last: bucket });
    }
  }

  /**
   * The buckets to leave out of the baseline of an incident that began in `from`: those of earlier
   * trouble and of the moments before it was noticed. Its own trouble was noticed later than that.
   */
  before(from: number): ReadonlySet<number> {
    const buckets = new Set<number>();
    for (const { noticed, last } of this.#episodes) {
      if (noticed >= from) continue;
      const end = Math.min(last, from - 1);
      for (let at = noticed - this.#noticeBuckets; at <= end; at += 1) buckets.add(at);
    }
    return buckets;
  }

  /** Forgets what ended before a bucket. */
  forgetBefore(bucket: number): void {
    this.#episodes = this.#episodes.filter(({ last }) => last >= bucket);
  }
}
