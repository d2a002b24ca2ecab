import type { ApiError } from '../api/api-error.ts';
import { Icon } from '../part/icon.tsx';

/** Shown when the daemon does not know this browser: how to get in. */
export function SignIn({ error }: { readonly error: ApiError }) {
  return (
    <main className="sign-in">
      <h1>
        <Icon name="brand" /> lastgood
      </h1>
      <p className="sign-in-lead">This browser is not signed in.</p>
      <p>
        Open the sign-in link that <code>lastgood up</code> printed when it started. It works once.
      </p>
      <p className="fine">
        {error.message} <code>{error.code}</code>
      </p>
    </main>
  );
}
