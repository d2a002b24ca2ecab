import { z } from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import type { RandomBytes } from '../../base/id.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toUnixMs } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { ROLES, type Principal } from '../../model/access/principal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { randomText } from './token-register.ts';

/** A sign-in link is opened soon after it was printed, or the daemon is asked for another. */
const CODE_MS = 60 * 60 * 1000;

/** A working day: after that somebody signs in again. */
const SESSION_MS = 12 * 60 * 60 * 1000;

/** Browsers signed in at a time; beyond, the oldest has to sign in again. */
const SESSIONS_MAX = 200;

/** Sign-in codes that wait to be used. */
const CODES_MAX = 20;

/** The stream that sessions live in. */
const STREAM = 'access/sessions';

/** Entries after which the stream is written anew with the sessions that still count. */
const ENTRIES_MAX = 2_000;

const passSchema = z.object({
  principal: z.object({
    id: z.string(),
    role: z.enum(ROLES),
    components: z.array(z.string()).readonly().exactOptional(),
  }),
  /** Unix time, milliseconds. */
  endsMs: z.number(),
});

const entrySchema = z.object({ hash: z.string(), pass: passSchema.nullable() });

interface Pass {
  readonly principal: Principal;
  readonly endsMs: number;
}

/** What sessions stand on. */
export interface SessionsOptions {
  readonly control: ControlStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
}

/**
 * Browsers that are signed in, kept as hashes of their cookies: a restart in the middle of an
 * incident must sign nobody out. A disk that fails costs only that; signing in works without it.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #codes = new Map<string, Pass>();
  readonly #sessions = new Map<string, Pass>();
  #version = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Reads who is signed in; fails as the control store does. */
  static async open(options: SessionsOptions): Promise<Result<Sessions>> {
    const sessions = new Sessions(options);
    const entries = await options.control.read(STREAM);
    if (!entries.ok) return entries;
    for (const { entry, version } of entries.value) {
      sessions.#version = version;
      const { hash, pass } = entrySchema.parse(entry);
      if (pass === null || !sessions.#counts(pass)) sessions.#sessions.delete(hash);
      else sessions.#sessions.set(hash, pass);
    }
    if (entries.value.length > ENTRIES_MAX) sessions.#rewrite();
    return ok(sessions);
  }

  /** How long a session lasts, seconds: the cookie's age. */
  readonly maxAgeSeconds = SESSION_MS / 1000;

  /** A code that signs one browser in as `principal`, once. It dies with the daemon. */
  issueCode(principal: Principal): string {
    const code = randomText(this.#options.random);
    put(this.#codes, CODES_MAX, sha256(code), { principal, endsMs: this.#nowMs() + CODE_MS });
    return code;
  }

  /** Uses a code up and answers the id of a new session; LG_ACCESS_SIGN_IN_EXPIRED. */
  redeem(code: string): Result<string> {
    const hash = sha256(code);
    const pass = this.#codes.get(hash);
    this.#codes.delete(hash);
    if (pass === undefined || !this.#counts(pass)) {
      return err(lgError('LG_ACCESS_SIGN_IN_EXPIRED', 'the sign-in code does not count any more'));
    }
    return ok(this.start(pass.principal));
  }

  /** Signs a browser in that has shown a token; answers the session's id. */
  start(principal: Principal): string {
    const id = randomText(this.#options.random);
    const pass = { principal, endsMs: this.#nowMs() + SESSION_MS };
    put(this.#sessions, SESSIONS_MAX, sha256(id), pass);
    this.#keep(sha256(id), pass);
    return id;
  }

  /** Who is signed in under an id. */
  find(id: string): Principal | undefined {
    const pass = this.#sessions.get(sha256(id));
    return pass !== undefined && this.#counts(pass) ? pass.principal : undefined;
  }

  /** Signs out; idempotent. */
  end(id: string): void {
    if (this.#sessions.delete(sha256(id))) this.#keep(sha256(id), null);
  }

  #counts({ endsMs }: Pass): boolean {
    return endsMs > this.#nowMs();
  }

  #nowMs(): number {
    return toUnixMs(this.#options.clock.now());
  }

  #keep(hash: string, pass: Pass | null): void {
    this.#write(() => [json({ hash, pass })]);
  }

  #rewrite(): void {
    this.#writing = this.#writing.then(async () => {
      const dropped = await this.#options.control.drop(STREAM);
      if (dropped.ok) this.#version = 0;
    });
    this.#write(() => [...this.#sessions].map(([hash, pass]) => json({ hash, pass })));
  }

  /** In turn, because each append names the version it follows. */
  #write(entriesOf: () => readonly Json[]): void {
    const { control, log } = this.#options;
    this.#writing = this.#writing.then(async () => {
      const entries = entriesOf();
      if (entries.length === 0) return;
      const written = await control.append(STREAM, this.#version, entries);
      if (written.ok) this.#version = written.value;
      else log.warn('SessionKeptError', { code: written.error.code });
    });
  }
}

function put(passes: Map<string, Pass>, max: number, hash: string, pass: Pass): void {
  passes.set(hash, pass);
  for (const oldest of passes.keys()) {
    if (passes.size <= max) break;
    passes.delete(oldest);
  }
}

function json(entry: z.input<typeof entrySchema>): Json {
  const plain: Json = JSON.parse(JSON.stringify(entry));
  return plain;
}

/** The path of the page that uses a one-time code up. */
export function signInPath(code: string): string {
  return `/sign-in?code=${code}`;
}
