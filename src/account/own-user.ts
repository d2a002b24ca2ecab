import { userInfo } from 'node:os';

/** The name of the user of this process; its number where it has none, as containers have them. */
export function ownUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
