import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Hears what is told over a webhook. */
export async function listenForNotices(
  t: TestContext,
): Promise<{ readonly url: string; readonly said: readonly string[] }> {
  const said: string[] = [];
  const server = createServer((asked, answer) => {
    let text = '';
    asked.setEncoding('utf8').on('data', (part: string) => (text += part));
    asked.on('end', () => {
      said.push(text);
      answer.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, said };
}
