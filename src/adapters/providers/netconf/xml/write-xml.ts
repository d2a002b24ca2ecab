import type { XmlElement } from './element.ts';

/** What a prefix looks like within a value. */
const PREFIX = /[A-Za-z_][\w.-]*(?=:)/g;

/**
 * An element in one canonical form, whatever prefixes and indents it was sent with: one line a
 * leaf, two spaces a level, a namespace where it changes, attributes by name, and a prefix declared
 * where a value uses it. Read again it is the same element. `more` goes into the outermost tag.
 */
export function writeXml(element: XmlElement, more = ''): string {
  const lines: string[] = [];
  write(element, '', '', more, lines);
  return `${lines.join('\n')}\n`;
}

function write(
  element: XmlElement,
  around: string,
  indent: string,
  more: string,
  lines: string[],
): void {
  const { name, namespace, children, text } = element;
  const tag = `${name}${attributesOf(element, around)}${more}`;
  if (children.length > 0) {
    lines.push(`${indent}<${tag}>`);
    for (const child of children) write(child, namespace, `${indent}  `, '', lines);
    lines.push(`${indent}</${name}>`);
  } else if (text === '') lines.push(`${indent}<${tag}/>`);
  else lines.push(`${indent}<${tag}>${escapeXml(text)}</${name}>`);
}

function attributesOf(
  { namespace, attributes, prefixes, text }: XmlElement,
  around: string,
): string {
  const said = namespace === around ? [] : [['xmlns', namespace] as const];
  const used = [...new Set(text.match(PREFIX) ?? [])].toSorted();
  const declared = used.flatMap((prefix) => {
    const meaning = prefixes.get(prefix);
    return meaning === undefined || prefix === 'xml' ? [] : [[`xmlns:${prefix}`, meaning] as const];
  });
  const own = [...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [...said, ...declared, ...own]
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');
}

/** Text as it may stand between tags and within double quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
