import type { PrincipalView } from '../contract.ts';
import { LOCAL_ADMIN_NAME } from './local-admin.ts';
import type { TokenRegister } from './token-register.ts';

/** What is shown to people names the newest; who acted before so many tokens stays an id. */
const KNOWN_MAX = 1000;

/** What people call the bearer of the token in the file: it has the file's name. */
const LOCAL_ADMIN_WORDS = 'local admin';

/** The bearers of tokens, under the names that people gave them. */
export function knownPrincipals(
  register: Pick<TokenRegister, 'everMade'>,
): readonly PrincipalView[] {
  return register
    .everMade()
    .slice(-KNOWN_MAX)
    .map(({ id, name, role }) => ({
      id: `token:${id}`,
      ...(name === undefined ? {} : { name: name === LOCAL_ADMIN_NAME ? LOCAL_ADMIN_WORDS : name }),
      role,
    }));
}
