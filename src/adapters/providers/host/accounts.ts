import { parseGroup, parsePasswd } from '../../../linux/accounts.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { sectionItem } from './section.ts';

/** The accounts of /etc/passwd and /etc/group, without password fields. */
export function accountItems(passwd: string, group: string): readonly StateItem[] {
  const users = parsePasswd(passwd).map(({ name, uid, gid, home, shell }) => {
    const attributes = { type: 'user', name, uid: `${uid}`, gid: `${gid}`, home, shell };
    return sectionItem('accounts', `user/${name}`, attributes);
  });
  const groups = parseGroup(group).map(({ name, gid, members }) => {
    const sorted = members.toSorted().join(',');
    const attributes = { type: 'group', name, gid: `${gid}`, members: sorted };
    return sectionItem('accounts', `group/${name}`, attributes);
  });
  return [...users, ...groups];
}
