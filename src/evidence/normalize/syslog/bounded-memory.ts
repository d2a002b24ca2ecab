/** Different texts remembered; a hostile sender invents them without end. */
const ENTRIES_MAX = 4096;

/** Longer texts do not repeat often enough to be worth their memory. */
const KEY_CHARS_MAX = 256;

/** Remembers what was made of texts that repeat; forgets everything when it is full. */
export class BoundedMemory<Value> {
  readonly #entries = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    if (key.length > KEY_CHARS_MAX) return;
    if (this.#entries.size >= ENTRIES_MAX) this.#entries.clear();
    // A part of a text keeps the whole text in memory, which may be long: this makes it its own.
    this.#entries.set(` ${key}`.slice(1), value);
  }
}
