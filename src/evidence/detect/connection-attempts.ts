import { fromUnixMs, toRfc3339 } from '../../base/time.ts';
import { parseJsonObject } from '../../base/parse-json.ts';
import type { Json } from '../../base/canonical-json.ts';
import type { CallCounts, EdgeEvidence } from '../../model/evidence/evidence-summary.ts';

/** Opened connections that are followed at once; a capture of a scan has more. */
const ATTEMPTS_MAX = 200_000;

/** The same packet seen on two interfaces is no second try: a system waits a second at least. */
const REPEAT_MS = 200;

/** At the end of a capture an answer may be on its way still. */
const ANSWER_MS = 3_000;

/** What a packet must have passed through to matter: only these flags open, refuse or answer. */
const TELLING = /"network\.tcp\.flags":\[(?:"SYN"|"SYN","ACK"|"RST"|"RST","ACK")\]/;

/** One connection somebody tried to open. */
interface Attempt {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly atMs: number;
  lastMs: number;
  repeats: number;
  end: 'open' | 'answered' | 'refused';
}

/** What the attempts between a client and a server came to. */
export interface AttemptCount {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly isDuring: boolean;
  readonly calls: number;
  readonly refused: number;
  /** Nobody answered, though there was time to. */
  readonly unanswered: number;
  /** Opening packets that were sent again. */
  readonly repeats: number;
  /** When the first that came to nothing began; Infinity of none. */
  readonly firstErrorMs: number;
}

/**
 * Connections as packets of a capture open them: refused where a reset answers, unanswered where
 * nothing does. Packets come in the order of their capture. Pure but for what it remembers.
 */
export class ConnectionAttempts {
  readonly #open = new Map<string, Attempt>();
  readonly #all: Attempt[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  /** Attempts that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes the attributes of a packet and when it was seen. */
  note(attributes: string, ms: number): void {
    if (ms > this.#lastMs) this.#lastMs = ms;
    if (!TELLING.test(attributes)) return;
    const told = parseJsonObject(attributes) ?? {};
    const from = endOf(told['source.address'], told['source.port']);
    const to = endOf(told['destination.address'], told['destination.port']);
    if (from === undefined || to === undefined) return;
    const flags = told['network.tcp.flags'];
    const names = Array.isArray(flags) ? flags : [];
    if (names.length === 1 && names[0] === 'SYN') this.#begin(from, to, ms);
    else this.#answer(from, to, names[0] === 'RST' ? 'refused' : 'answered');
  }

  /** The counts by client, server and side of `fromMs`, those with the most failures first. */
  counts(fromMs: number): readonly AttemptCount[] {
    const groups = Map.groupBy(this.#all, ({ client, server, port, atMs }) =>
      [client, server, port, atMs >= fromMs].join(' '),
    );
    return [...groups.values()]
      .flatMap((attempts) => this.#countOf(attempts, fromMs))
      .toSorted((a, b) => b.refused + b.unanswered - (a.refused + a.unanswered));
  }

  #countOf(attempts: readonly Attempt[], fromMs: number): readonly AttemptCount[] {
    const [first] = attempts;
    if (first === undefined) return [];
    const refused = attempts.filter(({ end }) => end === 'refused');
    const unanswered = attempts.filter(
      ({ end, atMs }) => end === 'open' && this.#lastMs - atMs >= ANSWER_MS,
    );
    return [
      {
        client: first.client,
        server: first.server,
        port: first.port,
        isDuring: first.atMs >= fromMs,
        calls: attempts.length,
        refused: refused.length,
        unanswered: unanswered.length,
        repeats: attempts.reduce((sum, { repeats }) => sum + repeats, 0),
        firstErrorMs: [...refused, ...unanswered].reduce(
          (least, { atMs }) => Math.min(least, atMs),
          Number.POSITIVE_INFINITY,
        ),
      },
    ];
  }

  #begin(from: End, to: End, ms: number): void {
    const key = keyOf(from, to);
    const known = this.#open.get(key);
    if (known?.end === 'open') {
      if (ms - known.lastMs >= REPEAT_MS) known.repeats += 1;
      known.lastMs = Math.max(known.lastMs, ms);
      return;
    }
    // The copy of a packet that was answered already.
    if (known !== undefined && ms - known.lastMs < REPEAT_MS) return;
    if (this.#all.length >= ATTEMPTS_MAX) {
      this.#dropped += 1;
      return;
    }
    const { address: client } = from;
    const { address: server, port } = to;
    const attempt: Attempt = {
      client,
      server,
      port,
      atMs: ms,
      lastMs: ms,
      repeats: 0,
      end: 'open',
    };
    this.#open.set(key, attempt);
    this.#all.push(attempt);
  }

  #answer(from: End, to: End, end: 'answered' | 'refused'): void {
    const attempt = this.#open.get(keyOf(to, from));
    // A reset of what was open already ends it, and refuses nothing.
    if (attempt?.end === 'open') attempt.end = end;
  }
}

interface End {
  readonly address: string;
  readonly port: number;
}

function endOf(address: Json | undefined, port: Json | undefined): End | undefined {
  return typeof address === 'string' && typeof port === 'number' ? { address, port } : undefined;
}

const keyOf = (from: End, to: End): string =>
  `${from.address} ${from.port} ${to.address} ${to.port}`;

/** Who is behind an address, of a port where it serves. */
export type NameOfEnd = (address: string, port?: number) => string;

/** The attempts as calls between components; their names are joined, so the counts are too. */
export function attemptEdges(
  counts: readonly AttemptCount[],
  nameOf: NameOfEnd,
): readonly EdgeEvidence[] {
  const edges = new Map<string, EdgeEvidence>();
  for (const count of counts) {
    const from = nameOf(count.client);
    const to = nameOf(count.server, count.port);
    if (from === to) continue;
    const known = edges.get(`${from}\n${to}`) ?? { from, to, before: NONE, during: NONE };
    edges.set(`${from}\n${to}`, joined(known, count));
  }
  return [...edges.values()];
}

const NONE: CallCounts = { calls: 0, errors: 0, refused: 0, served: 0, servedErrors: 0 };

function joined(edge: EdgeEvidence, count: AttemptCount): EdgeEvidence {
  const side = count.isDuring ? 'during' : 'before';
  const { calls, errors, refused, served } = edge[side];
  const failed = count.refused + count.unanswered;
  const counts: CallCounts = {
    calls: calls + count.calls,
    errors: errors + failed,
    refused: refused + count.refused,
    served: served + count.calls - failed,
    servedErrors: 0,
  };
  if (!count.isDuring || failed === 0) return { ...edge, [side]: counts };
  const at = toRfc3339(fromUnixMs(count.firstErrorMs));
  const first = edge.firstErrorAt;
  // Of the last one among these connections nothing is known.
  const { lastErrorAt: _, ...rest } = edge;
  return { ...rest, during: counts, firstErrorAt: first !== undefined && first < at ? first : at };
}
