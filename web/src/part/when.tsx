import { useNow } from '../time/use-now.ts';
import { agoWords, secondWords } from '../time/words.ts';

/** A moment: local time to read, its age beside it, the exact UTC text on hover. */
export function When(props: { readonly at: string; readonly age?: boolean }) {
  const now = useNow(5_000);
  return (
    <time dateTime={props.at} title={props.at}>
      {secondWords(props.at, now)}
      {props.age === true && <span className="soft"> · {agoWords(props.at, now)}</span>}
    </time>
  );
}
