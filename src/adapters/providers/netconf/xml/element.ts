/** One element of an XML document, its names resolved. */
export interface XmlElement {
  /** Without a prefix. */
  readonly name: string;
  /** '' when it is in none. */
  readonly namespace: string;
  /** Those that are in no namespace; in NETCONF the others are about an operation, not content. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What prefixes stand for here: a value may use one (identityref, instance-identifier). */
  readonly prefixes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text between its tags; '' where it has children. */
  readonly text: string;
}

/** The children of a name, whatever their namespace. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child of a name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}
