/**
 * The token that `apply` answers once and `confirm` needs. It is kept for this tab, so that a
 * reload within the minute of confirming does not lose it; the tab's end ends it, other tabs and
 * other sites cannot read it, and it is worthless once its run is decided.
 */
const PREFIX = 'confirm-token ';

/** Keeps the token of a run for this tab. */
export function keepToken(run: string, token: string): void {
  try {
    window.sessionStorage.setItem(PREFIX + run, token);
  } catch {
    // Storage may be switched off. The run's page then asks for the token.
  }
}

/** The token of a run, when this tab applied it. */
export function tokenOf(run: string): string | undefined {
  try {
    return window.sessionStorage.getItem(PREFIX + run) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Drops a token that is worthless now. */
export function dropToken(run: string): void {
  try {
    window.sessionStorage.removeItem(PREFIX + run);
  } catch {
    // Nothing was kept where nothing can be kept.
  }
}
