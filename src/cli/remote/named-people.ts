import type { CallAnswer } from '../../api/client.ts';
import type { Invocation } from '../invocation.ts';
import { fromDataDirectory } from '../offline/read-without-daemon.ts';
import { harmless } from '../screen/paint.ts';
import type { NamePeople } from '../screen/naming-screen.ts';
import { remoteDaemon } from './remote-daemon.ts';

type Principals = CallAnswer<'principalList'>['principals'];

const BEARER = /token:tok_\w+/g;

/** Asks who bears which token, the daemon or else the data directory. */
export async function namePeople(invocation: Invocation): Promise<NamePeople> {
  const known = await knownPeople(invocation);
  return (text) => withNames(text, known);
}

/** A text with names in place of ids; the id in parentheses where the name does not say who. */
export function withNames(text: string, known: Principals): string {
  return text.replaceAll(BEARER, (id) => {
    const person = known.find((one) => one.id === id);
    if (person === undefined) return id;
    const { name, role } = person;
    const bare = id.slice('token:'.length);
    if (name === undefined) return `${role} (${bare})`;
    const isOne = known.every((one) => one.id === id || one.name !== name);
    return isOne ? harmless(name) : `${harmless(name)} (${bare})`;
  });
}

/** That nobody can say who it was is no reason to say nothing at all. */
async function knownPeople(invocation: Invocation): Promise<Principals> {
  const { signal } = invocation;
  const ways = [
    () => remoteDaemon(invocation).call('principalList', {}, { signal }),
    () => fromDataDirectory('principalList')(invocation, {}),
  ];
  for (const ask of ways) {
    try {
      return (await ask()).principals;
    } catch {
      continue;
    }
  }
  return [];
}
