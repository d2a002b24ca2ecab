import { createContext, useContext, useSyncExternalStore } from 'react';

/** The moment under the pointer, shared by everything that shares a time axis. */
export interface Cursor {
  readonly read: () => number | undefined;
  readonly move: (at: number | undefined) => void;
  readonly subscribe: (changed: () => void) => () => void;
}

/** A cursor beside React's state: following the pointer must not render a table again. */
export function createCursor(): Cursor {
  let at: number | undefined;
  const listeners = new Set<() => void>();
  return {
    read: () => at,
    move: (next) => {
      if (next === at) return;
      at = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The cursor of the page around. */
export const CursorContext = createContext<Cursor>(createCursor());

/** The cursor of the page around, to move it. */
export function useCursor(): Cursor {
  return useContext(CursorContext);
}

/** Where the cursor is; renders again whenever it moves. */
export function useCursorTime(): number | undefined {
  const cursor = useCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.read);
}
