import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { logClues } from './service-clues.ts';

/** A kind of server: how it is called, where it listens, and in which words it refuses. */
interface Server {
  readonly names: RegExp;
  readonly ports: readonly number[];
  /** What only the server itself says, word for word, when it has run short or is held up. */
  readonly refusals: RegExp;
}

/** Words are those of the servers' sources; clients hand them on as they are. */
const SERVERS: readonly Server[] = [
  {
    names: /redis|valkey|keydb/i,
    ports: [6379],
    refusals:
      /OOM command not allowed|MISCONF |max number of clients reached|READONLY You can't write/,
  },
  {
    names: /postgres|pgsql|pgbouncer|timescale/i,
    ports: [5432],
    refusals: new RegExp(
      [
        'too many clients already|remaining connection slots are reserved',
        'canceling statement due to (?:lock|statement) timeout|deadlock detected',
        'could not extend file|cannot execute .* in a read-only transaction',
        'the database system is (?:starting up|shutting down|in recovery mode)',
      ].join('|'),
    ),
  },
  {
    names: /mysql|mariadb/i,
    ports: [3306],
    refusals: new RegExp(
      [
        'Too many connections|Lock wait timeout exceeded|Deadlock found when trying',
        "The table '.*' is full",
      ].join('|'),
    ),
  },
  {
    names: /rabbit/i,
    ports: [5672, 5671],
    // "low on disk" alone is what a worker says of its own host, too.
    refusals: new RegExp(
      [
        'connection\\.blocked|RESOURCE_LOCKED|memory or disk alarm',
        '(?:connection blocked|alarm).*low on (?:memory|disk)|low on (?:memory|disk).*alarm',
      ].join('|'),
      'i',
    ),
  },
  {
    names: /elastic|opensearch/i,
    ports: [9200],
    refusals: /circuit_breaking_exception|cluster_block_exception|es_rejected_execution_exception/,
  },
  { names: /etcd/i, ports: [2379], refusals: /etcdserver: mvcc: database space exceeded/ },
];

/** What a server says through another one's mouth: nearly as good as its own word. */
const QUOTED_WEIGHT = 0.9;

/**
 * Clues against servers from their own words in the logs of those who use them: who is refused says
 * so in the words of who refuses, and is at fault itself only for having asked.
 */
export function refusalClues(input: DiagnosisInput): readonly Clue[] {
  return logClues(input.evidence).flatMap((clue): readonly Clue[] => {
    const server = SERVERS.find(({ refusals }) => refusals.test(clue.text));
    if (server === undefined || isSuch(input, server, clue.component)) return [];
    const [named, second] = neededBy(input, clue.component).filter((name) =>
      isSuch(input, server, name),
    );
    // Two of a kind, and nobody knows which of them was asked.
    if (named === undefined || second !== undefined) return [];
    const text = `${named} refuses ${clue.component}, in its own words: ${clue.text}`;
    return [
      { ...clue, component: named, kind: 'shortage', score: clue.score * QUOTED_WEIGHT, text },
    ];
  });
}

/** Whom a component calls or depends on. */
function neededBy(
  { evidence, dependencies }: DiagnosisInput,
  component: string,
): readonly string[] {
  const links = [...evidence.edges, ...dependencies];
  return [...new Set(links.flatMap(({ from, to }) => (from === component ? [to] : [])))];
}

/** Whether a component is such a server, by its name or where it is asked for its health. */
function isSuch({ addresses }: DiagnosisInput, { names, ports }: Server, name: string): boolean {
  if (names.test(name)) return true;
  return Object.entries(addresses).some(
    ([address, whose]) => whose === name && ports.some((port) => address.endsWith(`:${port}`)),
  );
}
