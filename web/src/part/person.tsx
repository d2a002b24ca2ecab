import { useApi } from '../api/use-api.ts';
import { CopyButton } from './copy-button.tsx';
import { personWords } from './person-words.ts';

/** Who did something, by name; the id is one click away. */
export function Person({ id }: { readonly id: string }) {
  const words = usePersonWords(id);
  if (words === id) return id;
  return (
    <span className="person" title={id}>
      {words} <CopyButton text={id} />
    </span>
  );
}

/** What people call a principal; its id until names are known. */
export function usePersonWords(id: string): string {
  const known = useApi('principalList', {}, { enabled: id.startsWith('token:') });
  return personWords(id, known.data?.principals ?? []);
}
