/** Bounds of one comparison: beyond them the answer is coarser, never slower. */
export interface DiffLimits {
  /** Unchanged lines shown around a change. */
  readonly context: number;
  /** Edits searched for before the middle is shown as replaced: the search is quadratic in them. */
  readonly editsMax: number;
}

/** What people expect of `diff -u`; 400 edits take at most about 10 ms. */
export const DIFF_LIMITS: DiffLimits = { context: 3, editsMax: 400 };

type Edit = readonly [mark: ' ' | '-' | '+', line: string];

/**
 * A unified diff of two texts without its file header, or '' when they are equal (E. Myers, "An
 * O(ND) difference algorithm", 1986). A missing newline at the end is shown as `diff` shows it.
 */
export function unifiedDiff(before: string, after: string, limits = DIFF_LIMITS): string {
  if (before === after) return '';
  const edits = editsBetween(linesOf(before), linesOf(after), limits.editsMax);
  return hunksOf(edits, limits.context)
    .map((hunk) => writeHunk(edits, hunk))
    .join('\n');
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop() ?? ''}\n\\ No newline at end of file`);
  return lines;
}

function editsBetween(a: readonly string[], b: readonly string[], editsMax: number): Edit[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  const most = Math.min(a.length, b.length) - head;
  while (tail < most && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [
    ...a.slice(0, head).map((line): Edit => [' ', line]),
    ...myers(a.slice(head, a.length - tail), b.slice(head, b.length - tail), editsMax),
    ...a.slice(a.length - tail).map((line): Edit => [' ', line]),
  ];
}

/** The shortest edit script, or everything replaced when it needs more than `editsMax` edits. */
function myers(a: readonly string[], b: readonly string[], editsMax: number): Edit[] {
  const most = Math.min(a.length + b.length, editsMax);
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest.slice());
    for (let k = -d; k <= d; k += 2) {
      let x = stepFrom(furthest, most, k, d);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest[k + most + 1] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, most);
    }
  }
  return [...a.map((line): Edit => ['-', line]), ...b.map((line): Edit => ['+', line])];
}

/** Where diagonal `k` starts in round `d`: down from `k+1` (an insertion) or right from `k-1`. */
function stepFrom(furthest: Int32Array, middle: number, k: number, d: number): number {
  const left = furthest[k + middle] ?? 0;
  const right = furthest[k + middle + 2] ?? 0;
  return k === -d || (k !== d && left < right) ? right : left + 1;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly Int32Array[],
  middle: number,
): Edit[] {
  const edits: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d] ?? new Int32Array();
    const k = x - y;
    const left = furthest[k + middle] ?? 0;
    const right = furthest[k + middle + 2] ?? 0;
    const down = k === -d || (k !== d && left < right);
    const fromX = d === 0 ? 0 : down ? right : left;
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      edits.push([' ', a[x - 1] ?? '']);
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    edits.push(down ? ['+', b[y - 1] ?? ''] : ['-', a[x - 1] ?? '']);
    x = fromX;
    y = fromY;
  }
  return edits.reverse();
}

type Hunk = readonly [from: number, to: number];

function hunksOf(edits: readonly Edit[], context: number): readonly Hunk[] {
  const hunks: [number, number][] = [];
  for (const [at, [mark]] of edits.entries()) {
    if (mark === ' ') continue;
    const from = Math.max(0, at - context);
    const to = Math.min(edits.length, at + context + 1);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function writeHunk(edits: readonly Edit[], [from, to]: Hunk): string {
  let oldLine = 0;
  let newLine = 0;
  for (const [mark] of edits.slice(0, from)) {
    if (mark !== '+') oldLine += 1;
    if (mark !== '-') newLine += 1;
  }
  const inside = edits.slice(from, to);
  const oldCount = inside.filter(([mark]) => mark !== '+').length;
  const newCount = inside.filter(([mark]) => mark !== '-').length;
  const range = (start: number, count: number): string =>
    `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;
  const header = `@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`;
  return [header, ...inside.map(([mark, line]) => mark + line)].join('\n');
}
