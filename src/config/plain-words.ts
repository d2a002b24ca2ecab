import { z } from 'zod';
import { counted } from '../base/counted.ts';
import { meant } from '../base/nearest-word.ts';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** What belongs where something else stands, by the validator's names of types. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list: [one, two]',
  tuple: 'a list: [one, two]',
  object: 'settings with their names: { name: value }',
  record: 'settings with their names: { name: value }',
};

/** What does not fit, for who writes the file: what to write, not how a validator calls it. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPE_WORDS[issue.expected] ?? `a value of the type ${issue.expected}`;
      const wanted = `${type}${example(issue)}`;
      return issue.input === undefined ? `it is missing: write ${wanted}` : `write ${wanted}`;
    }
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'too_small':
      return `write ${issue.inclusive === false ? 'more than ' : ''}${count(issue, issue.minimum)}${
        issue.inclusive === false ? '' : ' or more'
      }`;
    case 'too_big':
      return `write ${issue.inclusive === false ? 'less than ' : ''}${count(issue, issue.maximum)}${
        issue.inclusive === false ? '' : ' or less'
      }`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'write an address as https://host.example:8080/path'
        : `it is not written as ${issue.format} is`;
    case 'unrecognized_keys':
      // One line a key: each is told at its own place.
      return issue.keys.map((key) => unknownKey(key, issue)).join('\n');
    case 'invalid_union':
      return unionWords(issue);
    default:
      return 'this does not fit here';
  }
};

/** A text with a form of its own is told by the first of its examples. */
function example({ inst }: RawIssue): string {
  const examples = inst instanceof z.ZodString ? inst.meta()?.['examples'] : undefined;
  return Array.isArray(examples) ? ` such as ${String(examples[0])}` : '';
}

function count({ origin }: { readonly origin: string }, limit: number | bigint): string {
  const noun = { array: 'entry', string: 'character' }[origin];
  return noun === undefined ? `${limit}` : counted(Number(limit), noun);
}

function oneOf(values: readonly string[], input: unknown): string {
  if (values.length === 1) return `write ${values[0] ?? ''}`;
  const near = typeof input === 'string' ? meant(input, values) : '';
  return `write one of ${values.join(', ')}${near}`;
}

function unknownKey(key: string, { inst }: RawIssue): string {
  const known = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return `there is no such setting${meant(key, known)}`;
}

function unionWords(issue: RawIssue & { readonly code: 'invalid_union' }): string {
  const { options } = issue;
  if (!Array.isArray(options) || options.length === 0) return 'this does not fit here';
  const { input, discriminator } = issue;
  const isMap = typeof input === 'object' && input !== null && discriminator !== undefined;
  return oneOf(options.map(String), isMap ? Reflect.get(input, discriminator) : input);
}
