import type { StateItem } from '../../../model/capture.ts';
import { sectionItem } from './section.ts';

/** The accounts of /etc/passwd and /etc/group (passwd(5), group(5)), without password fields. */
export function accountItems(passwd: string, group: string): readonly StateItem[] {
  return [...passwd.split('\n').flatMap(userItem), ...group.split('\n').flatMap(groupItem)];
}

function userItem(line: string): readonly StateItem[] {
  const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':');
  if (name === '' || !/^\d+$/.test(uid)) return [];
  return [sectionItem('accounts', `user/${name}`, { type: 'user', name, uid, gid, home, shell })];
}

function groupItem(line: string): readonly StateItem[] {
  const [name = '', , gid = '', members = ''] = line.split(':');
  if (name === '' || !/^\d+$/.test(gid)) return [];
  const sorted = members.split(',').toSorted().join(',');
  return [sectionItem('accounts', `group/${name}`, { type: 'group', name, gid, members: sorted })];
}
