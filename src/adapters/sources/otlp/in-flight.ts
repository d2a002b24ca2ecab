/** Memory that requests hold together, over HTTP and gRPC; who finds no room shall come back. */
export class InFlight {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** A request's share, empty at first; all shares together never grow beyond `bytesMax`. */
  enter(bytesMax: number): InFlightShare {
    let held = 0;
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > bytesMax) return false;
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
