/** What the daemon can be asked to list for a completion. */
export const LISTS = [
  'checkpoints',
  'clocks',
  'components',
  'incidents',
  'runs',
  'tokens',
  'triggers',
] as const;

/** One of `LISTS`. */
export type ListName = (typeof LISTS)[number];

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
  if (placeholder === 'file') return { kind: 'file' };
  if (placeholder === 'dir') return { kind: 'folder' };
  return { kind: 'free' };
}

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
  if (option === '--incident') return 'incidents';
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
  }
}
