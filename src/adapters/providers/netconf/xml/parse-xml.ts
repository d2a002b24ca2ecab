import type { XmlElement } from './element.ts';

/** Data models are a dozen levels deep; without a limit a hostile device would fill the stack. */
const DEPTH_MAX = 200;

/** A configuration has no more lines than this; each costs many times its bytes in memory. */
const ELEMENTS_MAX = 1_000_000;

/** Most elements have none. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** A name as devices write it: of XML 1.0, without the rarer scripts. */
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*(\/?)>/y;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The namespace that `xml:` stands for without being declared. */
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/**
 * Reads one XML document: elements, attributes, text, CDATA, comments. It knows the five entities
 * of XML and no others, and no document type: a device that sends one has something in mind that
 * is no configuration. Throws a SyntaxError that says what stands where, a RangeError for more
 * than a million elements.
 */
export function parseXml(text: string): XmlElement {
  return new Reader(text).document();
}

/** An element whose end has not been read yet. */
interface Open {
  readonly tag: string;
  readonly prefixes: ReadonlyMap<string, string>;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly texts: string[];
}

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #open: Open[] = [];
  #root: XmlElement | undefined;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement {
    if (this.#text.startsWith('\uFEFF')) this.#at = 1;
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] === '<') this.#markup();
      else this.#characters();
    }
    if (this.#root === undefined || this.#open.length > 0) {
      throw this.#wrong(`ends within ${this.#open.at(-1)?.tag ?? 'nothing'}`);
    }
    return this.#root;
  }

  #markup(): void {
    if (this.#looksAt('<!--')) this.#skip('-->');
    else if (this.#looksAt('<?')) this.#skip('?>');
    else if (this.#looksAt('<![CDATA[')) {
      const begin = this.#at + '<![CDATA['.length;
      this.#skip(']]>');
      this.#say(this.#text.slice(begin, this.#at - ']]>'.length));
    } else if (this.#looksAt('<!')) throw this.#wrong('has a document type');
    else if (this.#looksAt('</')) this.#close();
    else this.#begin();
  }

  #begin(): void {
    if (this.#root !== undefined && this.#open.length === 0) throw this.#wrong('has two roots');
    if (this.#open.length >= DEPTH_MAX) throw this.#wrong(`is deeper than ${DEPTH_MAX} elements`);
    this.#elements += 1;
    if (this.#elements > ELEMENTS_MAX) {
      throw new RangeError(`a message of more than ${ELEMENTS_MAX} elements`);
    }
    this.#at += 1;
    const tag = this.#take(NAME)[0];
    let plain: Map<string, string> | undefined;
    const above = this.#open.at(-1)?.prefixes ?? new Map([['xml', XML_NAMESPACE]]);
    let prefixes: Map<string, string> | undefined;
    for (;;) {
      const found = this.#maybe(ATTRIBUTE);
      if (found === undefined) break;
      const [, name = '', quoted = ''] = found;
      const value = this.#unescape(quoted.slice(1, -1));
      const [first, second] = name.split(':');
      if (name === 'xmlns' || first === 'xmlns') {
        prefixes ??= new Map(above);
        prefixes.set(second ?? '', value);
      } else if (second === undefined) {
        plain ??= new Map();
        plain.set(name, value);
      }
    }
    const [, slash] = this.#take(TAG_END);
    const attributes = plain ?? NO_ATTRIBUTES;
    const open = { tag, prefixes: prefixes ?? above, attributes, children: [], texts: [] };
    this.#open.push(open);
    if (slash === '/') this.#finish();
  }

  #close(): void {
    this.#at += 2;
    const tag = this.#take(NAME)[0];
    const [, slash] = this.#take(TAG_END);
    const open = this.#open.at(-1);
    if (open?.tag !== tag || slash === '/') throw this.#wrong(`closes ${tag} in ${open?.tag}`);
    this.#finish();
  }

  #finish(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const [first = '', second] = open.tag.split(':');
    const prefix = second === undefined ? '' : first;
    const namespace = open.prefixes.get(prefix);
    if (namespace === undefined && prefix !== '') {
      throw this.#wrong(`uses the prefix ${prefix} that stands for nothing`);
    }
    const text = open.texts.join('');
    if (open.children.length > 0 && text.trim() !== '') {
      throw this.#wrong(`mixes text and elements in ${open.tag}`);
    }
    const element: XmlElement = {
      name: second ?? first,
      namespace: namespace ?? '',
      attributes: open.attributes,
      prefixes: open.prefixes,
      children: open.children,
      text: open.children.length > 0 ? '' : text,
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #characters(): void {
    const next = this.#text.indexOf('<', this.#at);
    const end = next < 0 ? this.#text.length : next;
    const text = this.#text.slice(this.#at, end);
    this.#say(this.#unescape(text.replaceAll(/\r\n?/g, '\n')));
    this.#at = end;
  }

  #say(text: string): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.texts.push(text);
    else if (text.trim() !== '') throw this.#wrong('has text outside of its root');
  }

  #unescape(text: string): string {
    if (!text.includes('&')) return text;
    const strays = text.replaceAll(ENTITY, '');
    if (strays.includes('&')) throw this.#wrong('has an entity that XML does not know');
    return text.replaceAll(ENTITY, (_whole, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? '';
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      const isCharacter =
        code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0x10_ff_ff);
      if (!isCharacter || (code >= 0xd8_00 && code <= 0xdf_ff)) {
        throw this.#wrong(`has the number ${code} for a character`);
      }
      return String.fromCodePoint(code);
    });
  }

  #looksAt(what: string): boolean {
    return this.#text.startsWith(what, this.#at);
  }

  #skip(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw this.#wrong(`never comes to ${end}`);
    this.#at = found + end.length;
  }

  #take(pattern: RegExp): RegExpExecArray {
    const found = this.#maybe(pattern);
    if (found === undefined) throw this.#wrong('has no tag where one should be');
    return found;
  }

  #maybe(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  /** Only where: what stands there may be a secret. */
  #wrong(what: string): SyntaxError {
    return new SyntaxError(`XML ${what}, at character ${this.#at}`);
  }
}
