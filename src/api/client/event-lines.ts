/** The longest line taken from a stream; a single export entry holds a blob of 4 MiB as base64. */
const LINE_CHARS_MAX = 16 * 1024 * 1024;

/** Cuts text that arrives in pieces into its lines; throws RangeError on an endless line. */
export async function* linesOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (rest.length > LINE_CHARS_MAX) throw new RangeError(`a line beyond ${LINE_CHARS_MAX} chars`);
  }
  if (rest !== '') yield rest;
}

/**
 * The `data` of server-sent events (HTML Living Standard, section 9.2.6): data lines of one event
 * are joined, comments and other fields are left out.
 */
export async function* eventData(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    }
  }
}
