import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { Problem } from './problem.tsx';

interface AskProps {
  readonly title: string;
  readonly question: string;
  /** The words of the button that goes on. */
  readonly action: string;
  readonly initial?: string;
  /** true: an empty answer is fine. */
  readonly optional?: boolean;
  readonly pending: boolean;
  readonly error: ApiError | null;
  readonly onAnswer: (text: string) => void;
  readonly onClose: () => void;
}

/** Asks for a sentence (a reason, a note) before something is done. Escape leaves it. */
export function Ask(props: AskProps) {
  const { title, question, action, initial = '', optional = false, onAnswer, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(initial);
  const label = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(text.trim());
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={label} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={label}>{title}</h2>
        <label>
          {question}
          <input
            className="field"
            value={text}
            onChange={(event) => setText(event.target.value)}
            maxLength={2000}
            autoFocus
          />
        </label>
        {props.error !== null && <Problem error={props.error} />}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={props.pending || (!optional && text.trim() === '')}
          >
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
