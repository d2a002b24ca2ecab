import { useMutation, useQueryClient } from '@tanstack/react-query';
import { endSession } from '../api/session.ts';
import { useApi } from '../api/use-api.ts';
import { Shortcuts } from './shortcuts.tsx';

/** Who is signed in and what role that has; a viewer then knows why buttons are refused. */
export function Who() {
  const client = useQueryClient();
  const session = useApi('sessionShow', {});
  const known = useApi('principalList', {}, { enabled: session.data !== undefined });
  const name = known.data?.principals.find((one) => one.id === session.data?.id)?.name;
  const signOut = useMutation({
    mutationFn: endSession,
    onSettled: () => void client.resetQueries(),
  });
  if (session.data === undefined) return null;
  const { id, role, components } = session.data;
  const scope = components === undefined ? '' : ` of ${components.join(', ')}`;
  return (
    <div className="who">
      <span title={id}>
        {name === undefined ? role : name.endsWith(role) ? name : `${name}, ${role}`}
        {scope}
      </span>
      <Shortcuts />
      <button className="button button-bare" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </div>
  );
}
