import type { Principal } from '../api/types.ts';

/** So much of an id tells people of one name apart: ids end in what is random. */
const END_CHARS = 5;

/** What people call a principal such as `token:tok_01m7y1zpt5xpkbmqgs`; its id where nobody can. */
export function personWords(id: string, known: readonly Principal[]): string {
  if (id.startsWith('local:')) return `${id.slice('local:'.length)} on this machine`;
  const person = known.find((one) => one.id === id);
  if (person === undefined) return id;
  const { name, role } = person;
  if (name === undefined) return `${role} …${id.slice(-END_CHARS)}`;
  const isOne = known.every((one) => one.id === id || one.name !== name);
  return isOne ? name : `${name} …${id.slice(-END_CHARS)}`;
}
