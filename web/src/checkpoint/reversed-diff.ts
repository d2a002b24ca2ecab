/**
 * A unified diff read the other way round: what was added is removed. Within a run of changed lines
 * the removed ones come first, as everywhere. File and place lines change sides too.
 */
export function reversedDiff(text: string): string {
  const reversed: string[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    reversed.push(...removed, ...added);
    [removed, added] = [[], []];
  };
  let inHead = true;
  for (const line of text.split('\n')) {
    const place = /^@@ -(\S+) \+(\S+) @@(.*)$/.exec(line);
    if (place !== null) {
      inHead = false;
      flush();
      reversed.push(`@@ -${place[2]} +${place[1]} @@${place[3]}`);
    } else if (inHead && line.startsWith('--- ')) {
      added.push(`+++ ${line.slice(4)}`);
    } else if (inHead && line.startsWith('+++ ')) {
      removed.push(`--- ${line.slice(4)}`);
    } else if (line.startsWith('+')) {
      removed.push(`-${line.slice(1)}`);
    } else if (line.startsWith('-')) {
      added.push(`+${line.slice(1)}`);
    } else {
      flush();
      reversed.push(line);
    }
  }
  flush();
  return reversed.join('\n');
}
