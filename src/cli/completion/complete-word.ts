import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { daemonAddress } from '../remote/daemon-address.ts';
import type { Listed, ListName } from './value-kind.ts';

/** A person waits with the finger on the tab key; later than this the answer is of no use. */
const ANSWER_MS = 250;
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
    const { url, token } = daemonAddress({ options: global, env: process.env });
    const answer: unknown = JSON.parse(await ask(new URL(`/api/v1/${asked}`, url), token));
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

function ask(url: URL, token: string | undefined): Promise<string> {
  const start = url.protocol === 'https:' ? requestTls : request;
  const headers = {
    connection: 'close',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const signal = AbortSignal.timeout(ANSWER_MS);
  return new Promise((resolve, reject) => {
    const asked = start(url, { headers, signal, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(text)).once('error', reject);
    });
    asked.once('error', reject).end();
  });
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
