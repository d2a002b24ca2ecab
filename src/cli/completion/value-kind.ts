import type { CallAnswer } from '../../api/client.ts';
import { assert, assertUnreachable } from '../../base/assert.ts';

/**
 * What the daemon can be asked to list for a completion, with what each list holds: the name is the
 * path under `/api/v1` and the member of the answer alike.
 */
export interface Listed {
  readonly checkpoints: CallAnswer<'checkpointList'>['checkpoints'][number];
  readonly clocks: CallAnswer<'clockList'>['clocks'][number];
  readonly components: CallAnswer<'componentList'>['components'][number];
  readonly incidents: CallAnswer<'incidentList'>['incidents'][number];
  readonly runs: CallAnswer<'runList'>['runs'][number];
  readonly tokens: CallAnswer<'tokenList'>['tokens'][number];
  readonly triggers: CallAnswer<'triggerList'>['triggers'][number];
}

/** The name of one such list. */
export type ListName = keyof Listed;

/** What stands in the place of a value, as far as a shell can help with it. */
export type ValueKind =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly list: ListName }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  /** Free text, numbers, times: nothing to offer. */
  | { readonly kind: 'free' };

/** What a placeholder of a command's words or of an option means: `<run>`, `[file]`, `<names>`. */
export function valueKind(path: string, placeholder: string, option = ''): ValueKind {
  const list = listOf(path, placeholder, option);
  if (list !== undefined) return { kind: 'list', list };
  const kind = KIND_OF_PLACEHOLDER.get(placeholder);
  assert(kind !== undefined, `nobody said how a shell completes <${placeholder}> of "${path}"`);
  return { kind };
}

/** Every placeholder that is no list: a new one must be entered here, if only as free. */
const KIND_OF_PLACEHOLDER: ReadonlyMap<string, 'file' | 'folder' | 'free'> = new Map([
  ['file', 'file'],
  ['path', 'file'],
  ['paths', 'file'],
  ['dir', 'folder'],
  ...[
    ...['duration', 'time', 'number', 'n'],
    ...['names', 'name', 'states', 'kinds', 'range', 'host'],
    ...['text', 'words', 'reason', 'url', 'token', 'hash', 'plan', 'trace'],
  ].map((word) => [word, 'free'] as const),
]);

/** Ids are of what the command is about: `incident show <id>` means an incident. */
const LIST_OF_GROUP: Readonly<Record<string, ListName>> = {
  checkpoint: 'checkpoints',
  incident: 'incidents',
  restore: 'checkpoints',
  token: 'tokens',
  trigger: 'triggers',
};

function listOf(path: string, placeholder: string, option: string): ListName | undefined {
  if (option === '--component') return 'components';
  if (option === '--incident' && placeholder === 'id') return 'incidents';
  if (option === '--explain') return 'clocks';
  if (option !== '') return undefined;
  if (placeholder === 'run') return 'runs';
  if (placeholder === 'checkpoint') return 'checkpoints';
  const [group = ''] = path.split(' ');
  return ['id', 'ids', 'a', 'b', 'name'].includes(placeholder) ? LIST_OF_GROUP[group] : undefined;
}

/** A value's kind as one word for a script: `list:runs`, `words:on off`, `file`; '' for free. */
export function kindWord(value: ValueKind): string {
  switch (value.kind) {
    case 'list':
      return `list:${value.list}`;
    case 'words':
      return `words:${value.words.join(' ')}`;
    case 'file':
    case 'folder':
      return value.kind;
    case 'free':
      return 'free';
    default:
      return assertUnreachable(value);
  }
}
