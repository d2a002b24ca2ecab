/** One line of /proc/PID/mountinfo. */
export interface MountInfo {
  /** `major:minor`, which all mounts of one file system share. */
  readonly number: string;
  /** What of the file system is mounted: `/` but for bind mounts. */
  readonly root: string;
  readonly point: string;
  /** Of this mount alone: `ro` here says nothing of others of the same file system. */
  readonly options: readonly string[];
  readonly type: string;
  readonly device: string;
  /** Of the file system itself. */
  readonly superOptions: readonly string[];
}

/** Hosts of many containers have thousands of mounts. */
const LINES_MAX = 10_000;

/** Parses proc_pid_mountinfo(5). Lines of another form are passed over. */
export function parseMountInfo(text: string): readonly MountInfo[] {
  return text.split('\n', LINES_MAX).flatMap((line) => {
    const [left = '', right = ''] = line.trim().split(' - ');
    const [, , number = '', root = '', point = '', options = ''] = left.split(' ');
    const [type = '', device = '', superOptions = ''] = right.split(' ');
    if (!/^\d+:\d+$/.test(number) || !point.startsWith('/') || type === '') return [];
    return [
      {
        number,
        root: plain(root),
        point: plain(point),
        options: listOf(options),
        type,
        device: plain(device),
        superOptions: listOf(superOptions),
      },
    ];
  });
}

function listOf(options: string): readonly string[] {
  return options.split(',').filter((option) => option !== '');
}

/** Blanks and their kin are written as three octal digits. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
