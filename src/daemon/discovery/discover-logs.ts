/** A file of `/var/log`, or of a folder in it. */
export interface SeenLogFile {
  readonly name: string;
  /** Its first bytes; absent where it may not be read. */
  readonly start?: Uint8Array;
}

/** A folder of logs. */
export interface SeenLogFolder {
  readonly path: string;
  /** Absent where it may not be listed. */
  readonly files?: readonly SeenLogFile[];
}

/** What is there to be read without anybody having named it. */
export interface SeenLogs {
  /** `/var/log` itself. */
  readonly top: SeenLogFolder;
  /** The folders in it, one a program. */
  readonly folders: readonly SeenLogFolder[];
  /** The journal is read: what syslog daemons write down is in it already. */
  readonly hasJournal: boolean;
}

/** Files to follow, as one source. */
export interface DiscoveredLogs {
  readonly name: string;
  readonly paths: readonly string[];
  /** The program that writes them, by the name of their folder. */
  readonly service?: string;
}

/** More sources are no first look at a host any more, but a configuration somebody should write. */
const SOURCES_MAX = 24;

/** Of one folder; the file source follows 512 files at most, all told. */
const PATHS_MAX = 40;

/** What syslog daemons write by the rules of Debian, Red Hat and SUSE: the journal has it too. */
const SYSLOG_NAMES = new Set([
  'syslog',
  'messages',
  'secure',
  'maillog',
  'spooler',
  'cron',
  'debug',
  'warn',
  'mail',
  ...['auth', 'kern', 'daemon', 'user', 'mail', 'cron', 'syslog'].map((name) => `${name}.log`),
  ...['mail.err', 'mail.warn', 'mail.info'],
]);

/** Those of them that have what the kernel says. */
const KERNEL_NAMES = new Set(['syslog', 'messages', 'kern.log', 'syslog.log']);

/** Folders that hold no lines of logs, or lines that another kind of source reads better. */
const OTHER_FOLDERS = new Set([
  'journal',
  'private',
  'audit',
  'installer',
  'dist-upgrade',
  'sysstat',
  'sa',
  'pcp',
]);

/** Names of logs, and of what rotation leaves of them. */
const LOG_NAME = /(\.(log|err)|[._-]log)$/;
const ROTATED = /(\.\d+|[.-]\d{8}(-\d+)?|\.old|\.bak)(\.\w+)?$|\.(gz|zst|bz2|xz|zip|lz4)$/;

/**
 * Chooses the text logs of a host that nobody configured. Folders of programs are followed by
 * pattern, so that files with a date in their name are found when they appear; what may not be read
 * is chosen too, because the source then says so, and with which grant it would be read.
 */
export function discoverLogs({ top, folders, hasJournal }: SeenLogs): readonly DiscoveredLogs[] {
  const ofSystem = (top.files ?? []).filter(
    (file) => isLog(file, true) && !(hasJournal && SYSLOG_NAMES.has(file.name)),
  );
  const system = { name: 'logs', paths: pathsOf(top.path, ofSystem) };
  const ofPrograms = folders
    .filter(({ path }) => !OTHER_FOLDERS.has(nameOf(path)))
    .map((folder) => ({
      name: `${sourceName(nameOf(folder.path))}-logs`,
      paths: patternsOf(folder),
      service: nameOf(folder.path),
    }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return [system, ...ofPrograms].filter(({ paths }) => paths.length > 0).slice(0, SOURCES_MAX);
}

/** Whether a file of `/var/log` tells what the kernel says. */
export function tellsKernel({ files = [] }: SeenLogFolder): boolean {
  return files.some(({ name }) => KERNEL_NAMES.has(name));
}

function patternsOf({ path, files }: SeenLogFolder): readonly string[] {
  // What a closed folder holds is not known; the pattern tells of it, and works once it is open.
  if (files === undefined) return [`${path}/*.log`];
  const logs = files.filter((file) => isLog(file, false));
  const isByPattern = ({ name }: SeenLogFile): boolean => name.endsWith('.log');
  const others = pathsOf(
    path,
    logs.filter((file) => !isByPattern(file)),
  );
  // One binary file among them, and each is named for itself.
  if (files.some((file) => isByPattern(file) && isBinary(file))) return pathsOf(path, logs);
  return logs.some(isByPattern) ? [`${path}/*.log`, ...others] : others;
}

function pathsOf(folder: string, files: readonly SeenLogFile[]): readonly string[] {
  return files
    .map(({ name }) => `${folder}/${name}`)
    .toSorted()
    .slice(0, PATHS_MAX);
}

function isLog(file: SeenLogFile, isOfSystem: boolean): boolean {
  const isNamed = isOfSystem || LOG_NAME.test(file.name);
  return isNamed && mayBeLog(file.name) && !isBinary(file);
}

/** Whether a file is worth a look, by its name alone. */
export function mayBeLog(name: string): boolean {
  return (LOG_NAME.test(name) || SYSLOG_NAMES.has(name)) && !ROTATED.test(name);
}

/** Text has no zero byte; an empty file is text that is yet to come. */
function isBinary({ start }: SeenLogFile): boolean {
  return start?.includes(0) ?? false;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name as the configuration would allow it. */
function sourceName(folder: string): string {
  const safe = folder.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return safe.slice(0, 50) || 'other';
}
