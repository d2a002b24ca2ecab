/** Memory that requests hold together; who finds no room is told to come back. */
export class InFlight {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A request's share, empty at first. */
  enter(): InFlightShare {
    let held = 0;
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > this.#bytesMax) return false;
        this.#bytes += bytes;
        held += bytes;
        return true;
      },
      release: () => {
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}

/** What one request holds. */
export interface InFlightShare {
  /** False when there is no room; nothing is taken then. */
  take(bytes: number): boolean;
  /** Gives everything back; idempotent. */
  release(): void;
}
