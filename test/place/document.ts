/** A member of a document that came as JSON; undefined where there is none. */
export function at(document: unknown, ...path: readonly (string | number)[]): unknown {
  let found = document;
  for (const key of path) found = new Map(Object.entries(Object(found))).get(String(key));
  return found;
}

/** A text of a document; fails where it is none, since then the test misreads it. */
export function textAt(document: unknown, ...path: readonly (string | number)[]): string {
  const found = at(document, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`${path.join('.')} is no text in ${JSON.stringify(document)}`);
}

/** A list of a document; empty where there is none. */
export function listAt(document: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = at(document, ...path);
  return Array.isArray(found) ? found : [];
}
