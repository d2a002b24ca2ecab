/**
 * A map that forgets: it holds the newest `capacity` keys and at most twice as many. Two maps take
 * turns, since deleting the oldest key of one map one by one makes it crawl over its own holes.
 */
export class Generations<Value> {
  readonly #capacity: number;
  #young = new Map<number, Value>();
  #old = new Map<number, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: number): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: number, value: Value): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  /** Takes a value out. */
  take(key: number): Value | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    this.#young.delete(key);
    this.#old.delete(key);
    return value;
  }
}
