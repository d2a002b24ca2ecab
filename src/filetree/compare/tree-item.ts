import type { JsonObject } from '../../base/canonical-json.ts';
import type { StateItem } from '../../model/checkpoint/capture.ts';

/** What a file tree item is and whose: the decoded `attributes` of its state item. */
export interface TreeAttributes {
  readonly type: 'file' | 'folder' | 'link';
  /** Permission bits in octal, four digits; links have none. */
  readonly mode?: string;
  readonly uid: number;
  readonly gid: number;
  /** Where a link leads, as path text. */
  readonly target?: string;
  /** Extended attributes by name, base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Its content or its list of names could not be read: it can be compared, not restored. */
  readonly unreadable?: true;
}

/** The attributes as an item carries them, in the order canonical JSON writes them. */
export function attributesOf(item: TreeAttributes): JsonObject {
  const { gid, mode, target, type, uid, unreadable, xattrs } = item;
  return {
    gid,
    ...(mode === undefined ? {} : { mode }),
    ...(target === undefined ? {} : { target }),
    type,
    uid,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

/** The attributes of a state item; undefined when it is no item of a file tree. */
export function readAttributes(item: StateItem): TreeAttributes | undefined {
  const { type, mode, uid, gid, target, xattrs, unreadable } = { ...NONE, ...item.attributes };
  if (type !== 'file' && type !== 'folder' && type !== 'link') return undefined;
  if (typeof uid !== 'number' || typeof gid !== 'number') return undefined;
  if (type === 'link' ? typeof target !== 'string' : !isMode(mode)) return undefined;
  return {
    type,
    uid,
    gid,
    ...(isMode(mode) ? { mode } : {}),
    ...(typeof target === 'string' ? { target } : {}),
    ...(isTexts(xattrs) ? { xattrs } : {}),
    ...(unreadable === true ? { unreadable } : {}),
  };
}

/** Names the members there may be, so that they can be taken apart by name. */
const NONE: Readonly<Record<keyof TreeAttributes, unknown>> = {
  type: undefined,
  mode: undefined,
  uid: undefined,
  gid: undefined,
  target: undefined,
  xattrs: undefined,
  unreadable: undefined,
};

function isMode(value: unknown): value is string {
  return typeof value === 'string' && /^[0-7]{4}$/.test(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}
