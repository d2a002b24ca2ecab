import { sha256 } from '../../base/hash.ts';
import type { RandomBytes } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/principal.ts';
import type { Clock } from '../../ports/clock.ts';
import { randomText } from './token-register.ts';

/** A sign-in link is opened soon after it was printed, or the daemon is asked for another. */
const CODE_MS = 60 * 60 * 1000;

/** A working day: after that somebody signs in again. */
const SESSION_MS = 12 * 60 * 60 * 1000;

/** Browsers signed in at a time; beyond, the oldest has to sign in again. */
const SESSIONS_MAX = 200;

/** Sign-in codes that wait to be used. */
const CODES_MAX = 20;

interface Pass {
  readonly principal: Principal;
  readonly endsMs: number;
}

/** Browsers that are signed in. Kept in memory only: a restart signs everybody out. */
export class Sessions {
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #codes = new Map<string, Pass>();
  readonly #sessions = new Map<string, Pass>();

  constructor(clock: Clock, random: RandomBytes) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How long a session lasts, seconds: the cookie's age. */
  readonly maxAgeSeconds = SESSION_MS / 1000;

  /** A code that signs one browser in as `principal`, once. */
  issueCode(principal: Principal): string {
    const code = randomText(this.#random);
    this.#put(this.#codes, CODES_MAX, code, { principal, endsMs: this.#nowMs() + CODE_MS });
    return code;
  }

  /** Uses a code up and answers the id of a new session; LG_ACCESS_SIGN_IN_EXPIRED. */
  redeem(code: string): Result<string> {
    const pass = this.#take(this.#codes, code);
    if (pass === undefined) {
      return err(lgError('LG_ACCESS_SIGN_IN_EXPIRED', 'the sign-in code does not count any more'));
    }
    this.#codes.delete(sha256(code));
    return ok(this.start(pass.principal));
  }

  /** Signs a browser in that has shown a token; answers the session's id. */
  start(principal: Principal): string {
    const id = randomText(this.#random);
    const endsMs = this.#nowMs() + SESSION_MS;
    this.#put(this.#sessions, SESSIONS_MAX, id, { principal, endsMs });
    return id;
  }

  /** Who is signed in under an id. */
  find(id: string): Principal | undefined {
    return this.#take(this.#sessions, id)?.principal;
  }

  /** Signs out; idempotent. */
  end(id: string): void {
    this.#sessions.delete(sha256(id));
  }

  #nowMs(): number {
    return this.#clock.uptimeMs();
  }

  #put(passes: Map<string, Pass>, max: number, secret: string, pass: Pass): void {
    passes.set(sha256(secret), pass);
    for (const oldest of passes.keys()) {
      if (passes.size <= max) break;
      passes.delete(oldest);
    }
  }

  #take(passes: Map<string, Pass>, secret: string): Pass | undefined {
    const pass = passes.get(sha256(secret));
    return pass !== undefined && pass.endsMs > this.#nowMs() ? pass : undefined;
  }
}
