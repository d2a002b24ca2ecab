import { ok, err, type Result } from '../../../base/result.ts';
import { fromUtf8 } from '../../../base/bytes.ts';
import { readItemContent } from '../../../local-provider/item-content.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { Datastore } from './datastore.ts';
import { BASE_NAMESPACE, can, type Hello } from './hello.ts';
import { isOwned, type NetconfSpec } from './netconf-spec.ts';
import type { XmlElement } from './xml/element.ts';
import { parseXml } from './xml/parse-xml.ts';
import { writeXml } from './xml/write-xml.ts';

/** One top-level node that is to have another content. */
export interface NodeEdit {
  readonly path: string;
  /** Its canonical text; absent: it is to go. */
  readonly text?: string;
}

/** What nodes are to hold: texts by path, nothing for those that are to go. */
export type Wanted = ReadonlyMap<string, string | undefined>;

/** Fetches the texts of paths as they are desired, which may take long. */
export async function wantedOf(
  desired: StateImage,
  paths: readonly string[],
  spec: NetconfSpec,
  io: Pick<ProviderIo, 'getBlob'>,
): Promise<Result<Wanted>> {
  const wanted = new Map<string, string | undefined>();
  for (const path of paths) {
    if (!isOwned(spec, path)) {
      return err(lgError('LG_PROVIDER_APPLY_FAILED', `${path} is not named under nodes`));
    }
    const item = desired.items.find((one) => one.path === path);
    const content = item === undefined ? undefined : await readItemContent(item, io);
    if (content?.ok === false) return content;
    wanted.set(path, content === undefined ? undefined : fromUtf8(content.value));
  }
  return ok(wanted);
}

/** What brings a datastore to what is wanted; nothing where it is there. */
export function editsTo(wanted: Wanted, now: Datastore): readonly NodeEdit[] {
  const left = [...wanted].filter(([path, text]) => text !== now.get(path));
  return left.map(([path, text]) => (text === undefined ? { path } : { path, text }));
}

/**
 * The operation that does the edits in the candidate, exactly: what is not in them is gone from the
 * nodes afterwards (RFC 6241, 7.2). `how`: only tested, or tested and set where the device can. A
 * separate `validate` is never asked for: Yuma's server then forgets the edit and commits nothing.
 */
export function editOperation(
  edits: readonly NodeEdit[],
  now: Datastore,
  hello: Hello,
  how: 'test' | 'set',
): Result<string> {
  const parts: string[] = [];
  for (const { path, text } of edits) {
    const element = onlyElement(text ?? now.get(path) ?? '');
    if (element === undefined || onlyElement(now.get(path) ?? '<none/>') === undefined) {
      const what = `${path} is a list at the top, which cannot be replaced as a whole`;
      return err(lgError('LG_PROVIDER_APPLY_FAILED', what));
    }
    const operation = text === undefined ? 'delete' : 'replace';
    const shown = text === undefined ? { ...element, children: [], text: '' } : element;
    parts.push(writeXml(shown, ` xmlns:nc="${BASE_NAMESPACE}" nc:operation="${operation}"`));
  }
  const isValidated = can(hello, 'validate:1.1') || can(hello, 'validate:1.0');
  const test = how === 'test' ? 'test-only' : 'test-then-set';
  const option = isValidated ? `<test-option>${test}</test-option>` : '';
  const back = can(hello, 'rollback-on-error:1.0')
    ? '<error-option>rollback-on-error</error-option>'
    : '';
  return ok(
    `<edit-config><target><candidate/></target><default-operation>none</default-operation>` +
      `${option}${back}<config>${parts.join('')}</config></edit-config>`,
  );
}

/** The element of a canonical text; undefined where there are several. */
function onlyElement(text: string): XmlElement | undefined {
  const { children } = parseXml(`<nodes>${text}</nodes>`);
  return children.length === 1 ? children[0] : undefined;
}
