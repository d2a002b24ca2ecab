import type { Screen } from './screen.ts';

const BEARER = /token:tok_\w+/;

/** Says people's names in a text in place of the ids of their tokens. */
export type NamePeople = (text: string) => string;

/** A screen on which people have names. */
export interface NamingScreen {
  readonly screen: Screen;
  /** Waits until all of it is shown; idempotent. */
  shown(): Promise<void>;
}

/**
 * The same screen, on which bearers of tokens have the names that people gave them. Who they are is
 * asked once, when the first of them is to be shown; what is said meanwhile waits, so that the
 * order stays. Ids stay in JSON.
 */
export function namingScreen(screen: Screen, ask: () => Promise<NamePeople>): NamingScreen {
  const waiting: string[] = [];
  let name: NamePeople | undefined;
  let asked: Promise<void> | undefined;
  const learn = async (): Promise<void> => {
    const known = await ask();
    name = known;
    for (const line of waiting.splice(0)) screen.out(known(line));
  };
  const out = (line: string): void => {
    if (name !== undefined) screen.out(name(line));
    else if (asked === undefined && !BEARER.test(line)) screen.out(line);
    else {
      waiting.push(line);
      asked ??= learn();
    }
  };
  return {
    screen: screen.isJson ? screen : { ...screen, out },
    shown: async () => asked,
  };
}
