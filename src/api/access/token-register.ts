import { toHex } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/canonical-json.ts';
import { equalDigests, sha256 } from '../../base/hash.ts';
import { sortableId, type RandomBytes } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addMs, parseRfc3339, toRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal, Role } from '../../model/access/principal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import type { TokenCreated, TokenView } from '../contract.ts';
import { foldTokens, type StoredToken } from './token-entry.ts';

/** The stream that tokens live in. */
const STREAM = 'access/tokens';

/** Random bytes of a token: 256 bits, twice what guessing could ever reach. */
const SECRET_BYTES = 32;

/** Every token is looked at on a call at most once, but lists are read by people. */
const TOKENS_MAX = 1000;

/** How often an entry is tried behind those of others; people make tokens, not machines. */
const TURNS_MAX = 20;

const DAY_MS = 86_400_000;

/** What a new token shall be. */
export interface TokenWish {
  readonly role: Role;
  readonly name?: string | undefined;
  readonly components?: readonly string[] | undefined;
  readonly expiresInDays?: number | undefined;
}

/** What the evidence process needs to know of a token to let its bearer send. */
export interface TokenGrant {
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly id: string;
  readonly role: Role;
  readonly components?: readonly string[];
  readonly expiresAt?: string;
}

/** What the register stands on. */
export interface TokenRegisterOptions {
  readonly control: ControlStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Access tokens: made once, kept as hashes, worthless from the moment they are revoked. */
export class TokenRegister {
  readonly #options: TokenRegisterOptions;
  readonly #byHash = new Map<string, StoredToken>();
  readonly #listeners = new Set<() => void>();
  #everMade: readonly TokenView[] = [];
  #version = 0;

  private constructor(options: TokenRegisterOptions) {
    this.#options = options;
  }

  /** Reads the register; fails as the control store does. */
  static async open(options: TokenRegisterOptions): Promise<Result<TokenRegister>> {
    const register = new TokenRegister(options);
    const loaded = await register.#load();
    return loaded.ok ? ok(register) : loaded;
  }

  /** Makes a token; the answer is the only place where its secret ever is. */
  async create(wish: TokenWish, createdBy: string): Promise<Result<TokenCreated>> {
    if (this.#byHash.size >= TOKENS_MAX) {
      const seen = `there are ${TOKENS_MAX} tokens already; revoke some`;
      return err(lgError('LG_API_REQUEST_INVALID', seen));
    }
    const { clock, random } = this.#options;
    const secret = `lg_${Buffer.from(random(SECRET_BYTES)).toString('base64url')}`;
    const now = clock.now();
    const expiresAt =
      wish.expiresInDays === undefined ? undefined : addMs(now, wish.expiresInDays * DAY_MS);
    const view: TokenView = {
      id: sortableId('tok', toUnixMs(now), random),
      role: wish.role,
      ...(wish.name === undefined ? {} : { name: wish.name }),
      ...(wish.components === undefined ? {} : { components: wish.components }),
      createdAt: toRfc3339(now),
      createdBy,
      ...(expiresAt === undefined ? {} : { expiresAt: toRfc3339(expiresAt) }),
    };
    const stored = await this.#append({ kind: 'created', hash: sha256(secret), ...view });
    return stored.ok ? ok({ ...view, token: secret }) : stored;
  }

  /** Makes a token worthless at once; LG_API_NOT_FOUND when there is none of this id. */
  async revoke(id: string, by: string): Promise<Result<{ readonly id: string }>> {
    const known = [...this.#byHash.values()].some((token) => token.view.id === id);
    if (!known) return err(lgError('LG_API_NOT_FOUND', `there is no token ${id}`));
    const at = toRfc3339(this.#options.clock.now());
    const stored = await this.#append({ kind: 'revoked', id, at, by });
    return stored.ok ? ok({ id }) : stored;
  }

  /** All tokens that are not revoked, oldest first. */
  list(): readonly TokenView[] {
    return [...this.#byHash.values()].map((token) => token.view);
  }

  /** All tokens that there ever were, the revoked ones too, oldest first. */
  everMade(): readonly TokenView[] {
    return this.#everMade;
  }

  /** Whether a principal's token still counts; sessions end with the token that began them. */
  isCurrent(principal: Principal): boolean {
    const now = this.#options.clock.now();
    return [...this.#byHash.values()].some(
      ({ view }) => `token:${view.id}` === principal.id && !isExpired(view, now),
    );
  }

  /**
   * Who bears a token; undefined when it is unknown, revoked or expired. The lookup is by the
   * token's hash, so its timing depends on nothing a guesser can steer.
   */
  find(secret: string): Principal | undefined {
    const hash = sha256(secret);
    const token = this.#byHash.get(hash);
    if (token === undefined || !equalDigests(token.hash, hash)) return undefined;
    const { id, role, components } = token.view;
    if (isExpired(token.view, this.#options.clock.now())) return undefined;
    return { id: `token:${id}`, role, ...(components === undefined ? {} : { components }) };
  }

  /** For the evidence process: hashes of tokens that may send. */
  grants(): readonly TokenGrant[] {
    return [...this.#byHash.values()].map(({ hash, view }) => ({
      hash,
      id: view.id,
      role: view.role,
      ...(view.components === undefined ? {} : { components: view.components }),
      ...(view.expiresAt === undefined ? {} : { expiresAt: view.expiresAt }),
    }));
  }

  /** Calls back whenever tokens were made or revoked, until the answer is called. */
  onChange(call: () => void): () => void {
    this.#listeners.add(call);
    return () => void this.#listeners.delete(call);
  }

  async #load(): Promise<Result<void>> {
    const entries = await this.#options.control.read(STREAM);
    if (!entries.ok) return entries;
    this.#version = entries.value.length;
    this.#byHash.clear();
    const { current, everMade } = foldTokens(entries.value.map(({ entry }) => entry));
    this.#everMade = everMade;
    for (const token of current) this.#byHash.set(token.hash, token);
    return ok(undefined);
  }

  async #append(entry: JsonObject): Promise<Result<void>> {
    const { control } = this.#options;
    let stored = await control.append(STREAM, this.#version, [entry]);
    for (let turn = 1; turn < TURNS_MAX && isConflict(stored); turn += 1) {
      // Calls at once: the entries stand for themselves, so the later one just follows.
      const loaded = await this.#load();
      if (!loaded.ok) return loaded;
      stored = await control.append(STREAM, this.#version, [entry]);
    }
    if (!stored.ok) return stored;
    const loaded = await this.#load();
    for (const call of this.#listeners) call();
    return loaded;
  }
}

function isConflict(result: Result<unknown>): boolean {
  return !result.ok && result.error.code === 'LG_STORE_CONFLICT';
}

function isExpired({ expiresAt }: TokenView, now: TimeNs): boolean {
  const end = expiresAt === undefined ? undefined : parseRfc3339(expiresAt);
  return end !== undefined && end <= now;
}

/** A random text of 128 bits, for sessions and one-time codes. */
export function randomText(random: RandomBytes): string {
  return toHex(random(16));
}
