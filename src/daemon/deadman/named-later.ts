import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a dead-man is called that hears later, on its standard input, which run it is of. */
export const NAMED_LATER = '-';

/** Reads the name of the run, one line; undefined when it will not come any more. */
export async function readName(input: Readable, signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const line of createInterface({ input, signal })) return line;
    return undefined;
  } finally {
    input.destroy();
  }
}
