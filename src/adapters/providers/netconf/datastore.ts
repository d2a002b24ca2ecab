import { utf8 } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { itemContent } from '../../../local-provider/item-content.ts';
import { stateImage, type StateImage, type StateItem } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { Hello } from './hello.ts';
import { isOwned, isSecret, nameOf, type NetconfSpec } from './netconf-spec.ts';
import type { Session } from './session.ts';
import { childOf, type XmlElement } from './xml/element.ts';
import { escapeXml, writeXml } from './xml/write-xml.ts';

/** A configuration datastore of a device. */
export type DatastoreName = 'running' | 'candidate' | 'startup';

/** What a datastore holds: top-level nodes by `module:node`, in canonical text. */
export type Datastore = ReadonlyMap<string, string>;

/** Reads a whole datastore, or the nodes of the state where the device can be asked for them. */
export async function readDatastore(
  name: DatastoreName,
  spec: NetconfSpec,
  session: Session,
): Promise<Result<Datastore>> {
  const filter = filterOf(spec, session.hello);
  const operation = `<get-config><source><${name}/></source>${filter}</get-config>`;
  const reply = await session.ask(`reading ${name}`, operation);
  if (!reply.ok) return reply;
  const data = childOf(reply.value, 'data');
  if (data === undefined) {
    const what = `${nameOf(spec)}: answers no configuration when asked for ${name}`;
    return err(lgError('LG_PROVIDER_DEVICE_SPEECH', what));
  }
  return ok(nodesOf(data, session.hello));
}

/** The top-level nodes of what a device sent. One with nothing in it is as good as absent. */
function nodesOf(data: XmlElement, hello: Hello): Datastore {
  const nodes = new Map<string, string>();
  for (const element of data.children) {
    if (element.children.length === 0 && element.text.trim() === '') continue;
    const module = hello.modules.get(element.namespace) ?? encodeURIComponent(element.namespace);
    const path = `${module}:${element.name}`;
    nodes.set(path, `${nodes.get(path) ?? ''}${writeXml(element)}`);
  }
  return nodes;
}

/** Asks for the nodes alone (RFC 6241, 6); for nothing but them, where one names whole modules. */
function filterOf({ nodes }: NetconfSpec, { modules }: Hello): string {
  if (nodes === undefined || nodes.some((node) => node.endsWith(':*'))) return '';
  const spaces = new Map([...modules].map(([namespace, module]) => [module, namespace]));
  const wanted = nodes.map((node) => {
    const [module = '', name = ''] = node.split(':');
    const namespace = spaces.get(module);
    return namespace === undefined ? undefined : `<${name} xmlns="${escapeXml(namespace)}"/>`;
  });
  // A module that the device does not name may be there all the same.
  if (wanted.includes(undefined)) return '';
  return `<filter type="subtree">${wanted.join('')}</filter>`;
}

/** The nodes of a datastore that are part of the state, as its image. */
export async function imageOf(
  datastore: Datastore,
  spec: NetconfSpec,
  store: boolean,
  io: Pick<ProviderIo, 'putBlob'>,
): Promise<Result<StateImage>> {
  const items: StateItem[] = [];
  for (const [path, text] of datastore) {
    if (!isOwned(spec, path)) continue;
    const content = await itemContent(utf8(text), store, io);
    if (!content.ok) return content;
    const mark = isSecret(spec, path) ? { secret: true as const } : {};
    items.push({ path, attributes: { type: 'config' }, ...content.value, ...mark });
  }
  return ok(stateImage(items));
}

/** Where two datastores disagree about the state: paths, in order. */
export function differingNodes(
  one: Datastore,
  other: Datastore,
  spec: NetconfSpec,
): readonly string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])];
  const differing = paths.filter((path) => one.get(path) !== other.get(path));
  return differing.filter((path) => isOwned(spec, path)).toSorted();
}
