/**
 * The value of a text attribute in the canonical JSON of a record's attributes, found by search:
 * parsing every span's attributes for one of them costs ten times as much. Undefined when it is
 * absent, no text, or holds an escape (names and addresses never do).
 */
export function attributeText(attributes: string, name: string): string | undefined {
  const lead = `"${name}":"`;
  const at = attributes.indexOf(lead);
  if (at < 0) return undefined;
  const start = at + lead.length;
  const end = attributes.indexOf('"', start);
  if (end < 0) return undefined;
  const value = attributes.slice(start, end);
  return value.includes('\\') || value === '' ? undefined : value;
}

/** The value of a whole-number attribute, found likewise. */
export function attributeInteger(attributes: string, name: string): number | undefined {
  const lead = `"${name}":`;
  const at = attributes.indexOf(lead);
  if (at < 0) return undefined;
  const match = /^"?(\d{1,9})\b/.exec(attributes.slice(at + lead.length, at + lead.length + 12));
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

const REFUSED =
  /ECONNREFUSED|EHOSTUNREACH|ENOTFOUND|connection refused|no route to host|no such host/i;

/** Whether a text says that nobody takes connections there. */
export function saysRefused(text: string): boolean {
  return REFUSED.test(text);
}

/** An IPv4 or IPv6 address or a name, and a port; clock times have neither dot nor letter. */
const HOST = String.raw`\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*::[0-9a-f:]*?\]?|[a-z][\w.-]*`;
const ADDRESS = new RegExp(String.raw`(?:^|[^\w.:-])((?:${HOST}):\d{2,5})(?![\w.]|:\w)`, 'i');

/** Addresses stand near the beginning of a message. */
const ADDRESS_WITHIN_CHARS = 1_000;

/** The first `host:port` in a text. */
export function addressIn(text: string): string | undefined {
  return ADDRESS.exec(text.slice(0, ADDRESS_WITHIN_CHARS))?.[1];
}
