import { exchange, readBody } from '../../api/client/exchange.ts';
import { provedConnection } from '../../api/client/proved-connection.ts';
import { daemonAddress } from '../remote/daemon-address.ts';
import type { Listed, ListName } from './value-kind.ts';

/** A person waits with the finger on the tab key; later than this the answer is of no use. */
const ANSWER_MS = 250;
/** A list of names that is longer than this would not come in time either. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** More candidates than this nobody reads. */
const CANDIDATES_MAX = 200;

/** By which member each thing of a list is named; a list that completes must stand here. */
const NAME_MEMBERS: { readonly [List in ListName]: keyof Listed[List] } = {
  checkpoints: 'id',
  clocks: 'clock',
  components: 'name',
  incidents: 'id',
  runs: 'run',
  tokens: 'id',
  triggers: 'name',
};

/**
 * `lastgood … __complete LIST`: what a completion script asks while somebody types. One name a
 * line. Without a daemon, a permission or an answer in time it prints nothing, and it never fails.
 * It loads no other part of the command line, since that takes longer than a person waits.
 */
export async function completeWord(words: readonly string[]): Promise<void> {
  try {
    const [global, asked] = split(words);
    if (!isListName(asked)) return;
    const address = daemonAddress({ options: global, env: process.env });
    const answer: unknown = JSON.parse(await ask(`/api/v1/${asked}`, address));
    const names = namesOf(answer, asked, NAME_MEMBERS[asked]).slice(0, CANDIDATES_MAX);
    if (names.length > 0) process.stdout.write(`${names.join('\n')}\n`);
  } catch {
    // Whatever is wrong, the line being typed must stay as it is.
  }
}

function isListName(word: string): word is ListName {
  return Object.hasOwn(NAME_MEMBERS, word);
}

interface Global {
  readonly data?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The global options before `__complete`, and the list behind it. */
function split(words: readonly string[]): readonly [global: Global, list: string] {
  const at = words.indexOf('__complete');
  const options = new Map<string, string>();
  for (let i = 0; i < at; i += 1) {
    const [name = '', inline] = (words[i] ?? '').split(/=(.*)/s);
    if (inline === undefined) i += 1;
    options.set(name, inline ?? words[i] ?? '');
  }
  const member = (name: string, key: keyof Global): Global => {
    const value = options.get(name);
    return value === undefined ? {} : { [key]: value };
  };
  const global = {
    ...member('--data', 'data'),
    ...member('--url', 'url'),
    ...member('--token-file', 'tokenFile'),
  };
  return [global, words[at + 1] ?? ''];
}

async function ask(
  path: string,
  { url, token, tokenFolder }: ReturnType<typeof daemonAddress>,
): Promise<string> {
  const patience = { timeoutMs: ANSWER_MS, signal: AbortSignal.timeout(ANSWER_MS) };
  const agent =
    token === undefined || tokenFolder === undefined
      ? undefined
      : await provedConnection(
          new URL('/api/v1/owner', url),
          { token, folder: tokenFolder },
          patience,
        );
  const headers = {
    connection: 'close',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const asked = new URL(path, url);
  const response = await exchange({ ...patience, url: asked, method: 'GET', headers, agent });
  const { signal } = patience;
  return readBody(response, asked, ANSWER_BYTES_MAX, { idleMs: ANSWER_MS, signal });
}

/** Names that can be typed as they are; others (a host name somebody sent) are left out. */
function namesOf(answer: unknown, member: string, key: string): readonly string[] {
  const found = new Map(Object.entries(Object(answer))).get(member);
  if (!Array.isArray(found)) return [];
  const names = found.map((one) => new Map(Object.entries(Object(one))).get(key));
  return [...new Set(names)].filter(
    (name): name is string => typeof name === 'string' && /^[\w.:@/-]+$/.test(name),
  );
}
