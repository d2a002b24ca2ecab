/** A value as text: a text as it is, anything else as JSON; undefined for what is absent. */
export function cellText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
