import { useMemo, useSyncExternalStore } from 'react';

/**
 * Where the user is: the part of the address behind `#`, such as `#/incidents/inc_1?x=y`. It stays
 * in the browser, so the daemon serves one file and works below any path of a proxy.
 */
export interface Place {
  /** `['incidents', 'inc_1']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** The place of the address bar; follows Back, Forward and `go`. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => placeOf(hash), [hash]);
}

/** Reads a place; an unreadable part counts as it stands. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [noun = '', ...rest] = parts;
  const known = RENAMED[noun] ?? noun;
  return { parts: noun === '' ? [] : [known, ...rest], query: new URLSearchParams(query) };
}

/** What people call a page that has another name, by which they look for it. */
const RENAMED: Readonly<Record<string, string>> = { rollbacks: 'runs', rollback: 'runs' };

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place, for links. Empty query members are left out. */
export function hrefOf(
  parts: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const kept = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value]],
  );
  const search = new URLSearchParams(kept).toString();
  const path = parts.map(encodeURIComponent).join('/');
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

/** Goes to a place. `replace` leaves no step in the history: for filters typed letter by letter. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === window.location.hash) return;
  if (how === 'push') window.history.pushState(null, '', href);
  else window.history.replaceState(null, '', href);
  window.dispatchEvent(new Event('hashchange'));
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}
