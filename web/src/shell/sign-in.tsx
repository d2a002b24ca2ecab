import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { apiErrorOf, type ApiError } from '../api/api-error.ts';
import { startSession } from '../api/session.ts';
import { Icon } from '../part/icon.tsx';
import { Problem } from '../part/problem.tsx';

/** Shown when the daemon does not know this browser: the two ways to get in. */
export function SignIn() {
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const signIn = useMutation<void, ApiError, string>({
    mutationFn: (text) =>
      startSession(text).catch((error: unknown) => {
        throw apiErrorOf(error);
      }),
    onSuccess: () => void client.resetQueries(),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate(token.trim());
  };
  return (
    <main className="sign-in">
      <h1>
        <Icon name="brand" /> lastgood
      </h1>
      <p>
        Open the link that <code>lastgood sign-in</code> prints on the daemon’s machine. It works
        once, within the hour.
      </p>
      <form onSubmit={submit}>
        <label htmlFor="token">Or sign in with an access token</label>
        <input
          id="token"
          className="field"
          type="password"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <p className="fine">
          On the daemon’s machine, with no tokens made, it is in <code>admin.token</code> in the
          data directory.
        </p>
        {signIn.error !== null && <Problem error={signIn.error} />}
        <button
          className="button button-primary"
          disabled={token.trim() === '' || signIn.isPending}
        >
          Sign in
        </button>
      </form>
    </main>
  );
}
