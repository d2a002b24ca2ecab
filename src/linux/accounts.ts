/** One user of passwd(5), without the password field. */
export interface UserEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** One group of group(5), without the password field. */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The users of /etc/passwd. Lines of another form (of NIS, comments) are passed over. */
export function parsePasswd(text: string): readonly UserEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':');
    if (name === '' || !isId(uid) || !isId(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell }];
  });
}

/** The groups of /etc/group. Lines of another form are passed over. */
export function parseGroup(text: string): readonly GroupEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (name === '' || !isId(gid)) return [];
    const named = members.split(',').filter((member) => member !== '');
    return [{ name, gid: Number(gid), members: named }];
  });
}

/** Ids are unsigned numbers of 32 bits. */
function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}
