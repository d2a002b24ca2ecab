import type { BigIntStats } from 'node:fs';
import { fromUtf8 } from '../../../base/bytes.ts';
import { messageOf, systemCode } from '../../../base/error.ts';
import { ok, unwrap } from '../../../base/result.ts';
import { readLink } from '../../../filetree/anchored-folder.ts';
import { baseName, folderName } from '../../../filetree/compare/path-text.ts';
import { treeScope } from '../../../filetree/compare/tree-scope.ts';
import { ContentReader, hashOf } from '../../../filetree/read-content.ts';
import { walkTree, type TreeVisitor, type Visit } from '../../../filetree/walk-tree.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { isSecretPath } from '../../../model/checkpoint/secret-text.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import type { HostAccess } from './host-access.ts';
import { fileItem, type SectionFindings, type SectionId } from './section.ts';

/** Files that change by themselves, or whose content another section tells better. */
const BY_THEMSELVES: readonly string[] = [
  '/etc/ld.so.cache', // Made anew of the installed libraries.
  '/etc/mtab', // The mounts, where it is no link.
  '/etc/adjtime', // The drift of the clock, written at every shutdown.
  '/etc/.pwd.lock',
  '/etc/{passwd,group}', // The section `accounts`.
  '/etc/{passwd,group,shadow,gshadow,subuid,subgid}-', // Copies of what was before.
  '/etc/.updated',
  '/etc/lvm/{archive,backup,cache}/**',
  '/etc/cups/subscriptions.conf*',
  '*.{swp,swo,dpkg-new,dpkg-tmp}', // Half-written.
];

/** Where scheduled jobs stand. */
const CRON_PATHS = [
  '/etc/crontab',
  '/etc/anacrontab',
  '/etc/cron.{d,hourly,daily,weekly,monthly}',
  '/var/spool/cron/{crontabs,tabs}/*',
] as const;

/** A larger configuration is data: it is compared by its size and time. */
const FILE_BYTES_MAX = 1024 * 1024;

/** Contents of all files of a host together; beyond, files are compared by size and time. */
const CONTENT_BYTES_MAX = 32 * 1024 * 1024;

/** Beyond this the configured folders are no configuration. */
const ITEMS_MAX = 20_000;

/** Private keys within files whose names do not tell. */
const PRIVATE_TEXT = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|^AGE-SECRET-KEY-1/m;

/** Readable by everybody: of all other files only owner, mode, size and time are looked at. */
const OTHERS_READ = 0o004n;
const OTHERS_ENTER = 0o001n;

/** What reading files needs of a host. */
type FileHost = Pick<HostAccess, 'spec' | 'store'> & {
  readonly io: Pick<ProviderIo, 'signal' | 'putBlob'>;
};

/** The configured files, without what the section `cron` holds. */
export function readFiles(host: FileHost): Promise<SectionFindings> {
  const { files, exclude } = host.spec;
  return readTreeOf(host, 'files', files, [...BY_THEMSELVES, ...CRON_PATHS, ...exclude]);
}

/** Tables of scheduled jobs; those of users are private, so only that they were written shows. */
export function readCron(host: FileHost): Promise<SectionFindings> {
  return readTreeOf(host, 'cron', CRON_PATHS, [...BY_THEMSELVES, ...host.spec.exclude]);
}

async function readTreeOf(
  host: FileHost,
  section: SectionId,
  paths: readonly string[],
  exclude: readonly string[],
): Promise<SectionFindings> {
  const reading = new Reading(host, section);
  const walked = await walkTree(treeScope(paths, exclude), reading, host.io.signal);
  unwrap(walked);
  return reading.findings();
}

/** One walk; what others may not read is never opened, whoever we are. */
class Reading implements TreeVisitor {
  readonly #section: SectionId;
  readonly #reader: ContentReader;
  readonly #items = new Map<string, StateItem>();
  readonly #unreadable: { path: string; why: string }[] = [];
  /** Folders that others may not enter, and all below. */
  readonly #closed = new Set<string>();
  #hasPrivateText = false;
  #left = CONTENT_BYTES_MAX;
  #private = 0;
  #large = 0;

  constructor({ io, store }: FileHost, section: SectionId) {
    this.#section = section;
    // Looked at before it is stored: a private key must not even reach the vault.
    const putBlob: ProviderIo['putBlob'] = async (bytes) => {
      this.#hasPrivateText ||= PRIVATE_TEXT.test(fromUtf8(bytes));
      return store && !this.#hasPrivateText ? io.putBlob(bytes) : ok(hashOf(bytes));
    };
    this.#reader = new ContentReader({ ...io, putBlob }, true);
  }

  folder({ path, stat }: Visit): void {
    if (this.#isClosed(path) || (stat.mode & OTHERS_ENTER) === 0n) this.#closed.add(path);
    this.#add(fileItem(this.#section, path, { type: 'folder', ...ownerOf(stat) }));
  }

  special(): void {}

  excluded(): void {}

  unreadable(path: string, why: string): void {
    this.#unreadable.push({ path, why });
  }

  async link({ path, folder }: Visit): Promise<void> {
    const target = await readLink(folder, baseName(path));
    this.#add(fileItem(this.#section, path, { type: 'link', target }));
  }

  async file(visit: Visit): Promise<void> {
    const { path, stat } = visit;
    const isPrivate =
      (stat.mode & OTHERS_READ) === 0n || isSecretPath(path) || this.#isClosed(path);
    if (isPrivate) return this.#addUnread(path, stat, 'private');
    if (Number(stat.size) > Math.min(FILE_BYTES_MAX, this.#left)) {
      return this.#addUnread(path, stat, 'large');
    }
    try {
      this.#hasPrivateText = false;
      const read = await this.#reader.read(visit.folder.at(baseName(path)), visit.access);
      if (this.#hasPrivateText) return this.#addUnread(path, stat, 'private');
      this.#left -= read.size;
      const attributes = { type: 'file', ...ownerOf(read.stat) };
      this.#add(fileItem(this.#section, path, attributes, read));
    } catch (thrown) {
      const code = systemCode(thrown);
      // Gone, or replaced by something else: the next look says what it is now.
      if (code === 'ENOENT' || code === 'ELOOP') return;
      this.#unreadable.push({ path, why: code ?? messageOf(thrown) });
    }
  }

  findings(): SectionFindings {
    const because = 'only owner, mode, size and time';
    return {
      items: [...this.#items.values()],
      unreadable: this.#unreadable,
      excluded: [
        ...(this.#private === 0
          ? []
          : [`content of ${this.#private} private files (${this.#section}): ${because}`]),
        ...(this.#large === 0
          ? []
          : [`content of ${this.#large} large files (${this.#section}): ${because}`]),
      ],
    };
  }

  #addUnread(path: string, stat: BigIntStats, why: 'private' | 'large'): void {
    if (why === 'private') this.#private += 1;
    else this.#large += 1;
    const changedAt = new Date(Number(stat.mtimeMs)).toISOString();
    const attributes = { type: why, ...ownerOf(stat), size: Number(stat.size), changedAt };
    const item = fileItem(this.#section, path, attributes);
    this.#add(why === 'private' ? { ...item, secret: true } : item);
  }

  #isClosed(path: string): boolean {
    return this.#closed.has(folderName(path));
  }

  #add(item: StateItem): void {
    this.#items.set(item.path, item);
    if (this.#items.size > ITEMS_MAX) {
      throw new Error(`more than ${ITEMS_MAX} files; name fewer folders under files`);
    }
  }
}

function ownerOf(stat: BigIntStats): { uid: number; gid: number; mode: string } {
  const mode = (Number(stat.mode) & 0o7777).toString(8).padStart(4, '0');
  return { uid: Number(stat.uid), gid: Number(stat.gid), mode };
}
