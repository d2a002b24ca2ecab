/** The moves of a walk, as pairs of node numbers. */
interface Edges {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Whether an end can be reached from each of so many nodes. */
export function reachers(over: readonly number[], edges: Edges, count: number): readonly boolean[] {
  const heads = new Int32Array(count).fill(-1);
  const links = new Int32Array(edges.to.length);
  for (const [edge, to] of edges.to.entries()) {
    links[edge] = heads[to] ?? -1;
    heads[to] = edge;
  }
  const alive: boolean[] = Array.from({ length: count }, () => false);
  const open = [...over];
  for (const at of over) alive[at] = true;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (let edge = heads[at] ?? -1; edge >= 0; edge = links[edge] ?? -1) {
      const parent = edges.from[edge] ?? 0;
      if (alive[parent] === true) continue;
      alive[parent] = true;
      open.push(parent);
    }
  }
  return alive;
}

/** The labels on the way to a node. */
export function storyOf(
  parents: readonly number[],
  labels: readonly string[],
  end: number,
): readonly string[] {
  const story: string[] = [];
  for (let at = end; at >= 0; at = parents[at] ?? -1) story.push(labels[at] ?? '?');
  return story.toReversed();
}
