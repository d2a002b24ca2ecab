import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { parseJson } from '../../src/base/parse-json.ts';

/** The JSON values that a command printed, in a line or several; each is heard when it is whole. */
export async function printedBy(
  output: Readable,
  hear: (value: unknown) => void = () => undefined,
): Promise<readonly unknown[]> {
  const printed: unknown[] = [];
  let unread = '';
  for await (const line of createInterface({ input: output })) {
    unread += line;
    const value = parseJson(unread);
    if (value === undefined) continue;
    unread = '';
    printed.push(value);
    hear(value);
  }
  return printed;
}
