import { LabFailure } from '../stage/lab-failure.ts';
import type { Stage } from '../stage/stage.ts';

/** How a URL is asked from within a namespace. */
export type AskOptions = {
  readonly namespace?: string;
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly user?: string;
  /** The file of the authority whose certificates are trusted, instead of the machine's. */
  readonly trust?: string;
};

/** A daemon on the same machine answers at once; this is for one that hangs. */
const timeoutS = 5;

/**
 * Asks a URL with curl from within a namespace (the data center's, unless told otherwise): our own
 * process stays outside. Resolves with status and body, rejects when there is no answer.
 */
export async function askHttp(
  stage: Stage,
  url: string,
  { namespace = 'dc', method = 'GET', body, user, trust }: AskOptions = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const flags = ['-sS', '-m', String(timeoutS), '-X', method, '-w', '\n%{http_code}'];
  const asUser = user === undefined ? [] : ['-u', user];
  const trusting = trust === undefined ? [] : ['--cacert', trust];
  const header = 'content-type: application/json';
  const sent = body === undefined ? [] : ['-H', header, '-d', JSON.stringify(body)];
  const output = await stage.run(['curl', ...flags, ...asUser, ...trusting, ...sent, url], {
    namespace,
  });
  const end = output.lastIndexOf('\n');
  return { status: Number(output.slice(end + 1)), text: output.slice(0, end) };
}

/** The same where only success will do; resolves with the body. */
export async function askWell(stage: Stage, url: string, options?: AskOptions): Promise<string> {
  const { status, text } = await askHttp(stage, url, options);
  if (status >= 200 && status < 300) return text;
  throw new LabFailure(`${url}: answered ${status}: ${text.slice(0, 300)}`);
}
