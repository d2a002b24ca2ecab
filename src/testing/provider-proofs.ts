import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import type { ProviderCapabilities } from '../ports/provider.ts';

/** What a run of the suite really showed of one subject. */
export interface ProviderResult {
  readonly subject: string;
  readonly provider: string;
  /** What it says of itself where it could be restored. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Sentences that held, in the order of the suite. */
  readonly held: readonly string[];
  /** Sentences that it does not claim. */
  readonly notClaimed: readonly string[];
}

/** The capabilities that are claims of the provider itself; the others depend on the host. */
const CLAIMS = [
  'atomic',
  'idempotent',
  'exactness',
  'partial',
  'offline',
  'validateOnTarget',
  'disruption',
  'dataBearing',
  'confirm',
] as const;

/**
 * The tests of one subject, and the account of them. With a folder of results the account must be
 * the one that lies there: the support table of the documents is made of these files, so it says
 * what the last run of this suite showed and nothing else. `LASTGOOD_RECORD=1` writes it anew.
 */
export class ProviderProofs {
  readonly #name: string;
  readonly #held = new Set<string>();
  readonly #notClaimed = new Set<string>();
  readonly #sentences: string[] = [];
  #begun = 0;
  #claims: Readonly<Record<string, unknown>> = {};
  #provider = '';

  constructor(name: string, results: string | undefined) {
    this.#name = name;
    if (results !== undefined) after(() => this.#settle(results));
  }

  /** One sentence about the provider; its body answers `false` where it claims no such thing. */
  prove(sentence: string, body: (context: TestContext) => Promise<boolean | void>): void {
    this.#sentences.push(sentence);
    test(sentence, async (context) => {
      this.#begun += 1;
      const isClaimed = await body(context);
      if (isClaimed !== false) this.#held.add(sentence);
      else {
        this.#notClaimed.add(sentence);
        context.diagnostic('not claimed');
      }
    });
  }

  /** Keeps what the provider says of itself. */
  note(provider: string, capabilities: ProviderCapabilities): void {
    this.#provider = provider;
    this.#claims = Object.fromEntries(CLAIMS.map((name) => [name, capabilities[name]]));
  }

  #settle(folder: string): void {
    // Part of the suite was asked for by name: that is no account.
    if (this.#begun < this.#sentences.length) return;
    // What failed says so itself; an account without it would pass for one that is whole.
    if (this.#held.size + this.#notClaimed.size < this.#sentences.length) return;
    const result: ProviderResult = {
      subject: this.#name,
      provider: this.#provider,
      claims: this.#claims,
      held: this.#sentences.filter((sentence) => this.#held.has(sentence)),
      notClaimed: this.#sentences.filter((sentence) => this.#notClaimed.has(sentence)),
    };
    const file = join(folder, `${this.#name.replaceAll(' ', '-')}.json`);
    const text = JSON.stringify(result, undefined, 2);
    if (process.env['LASTGOOD_RECORD'] === '1') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${text}\n`);
    }
    const why = `${file} is not what this run showed; run with LASTGOOD_RECORD=1 and npm run docs`;
    assert.ok(text === keptIn(file), why);
  }
}

/** The account in a file, however that is laid out; undefined where there is none. */
function keptIn(file: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), undefined, 2);
  } catch {
    return undefined;
  }
}
