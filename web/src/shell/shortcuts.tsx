import { useEffect, useRef, useState } from 'react';
import { useKeys } from './keys.ts';
import { go, hrefOf } from './location.ts';

/** How long after `g` the letter of a page is waited for. */
const LETTER_MS = 1_500;

const PAGES = [
  ['t', 'timeline', 'Timeline'],
  ['i', 'incidents', 'Incidents'],
  ['c', 'checkpoints', 'Checkpoints'],
  ['r', 'runs', 'Rollbacks'],
  ['s', 'sources', 'Sources'],
] as const;

const TIMELINE: readonly (readonly [string, string])[] = [
  ['/', 'Search in the records'],
  ['↑ ↓ or j k', 'The record before, the next one'],
  ['Enter', 'Open the record'],
  ['Esc', 'Close the record'],
  ['[ ]', 'Earlier, later'],
  ['+ −', 'A narrower, a wider part of time'],
  ['0', 'Follow what happens now'],
];

/** The keys of the whole page, and the button that lists them. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const pressedG = useRef(0);
  useKeys({
    '?': () => setOpen(true),
    g: () => (pressedG.current = Date.now()),
    ...Object.fromEntries(
      PAGES.map(([letter, noun]) => [
        letter,
        () => {
          if (Date.now() - pressedG.current < LETTER_MS) go(hrefOf([noun]));
          pressedG.current = 0;
        },
      ]),
    ),
  });
  return (
    <>
      <button
        className="button button-bare"
        title="Keyboard shortcuts"
        aria-label="Keyboard shortcuts"
        onClick={() => setOpen(true)}
      >
        <kbd>?</kbd>
      </button>
      {isOpen && <List onClose={() => setOpen(false)} />}
    </>
  );
}

function List({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-label="Keyboard shortcuts" onClose={onClose}>
      <form method="dialog">
        <h2>Keyboard shortcuts</h2>
        <dl className="facts shortcuts">
          {PAGES.map(([letter, noun, label]) => (
            <Shortcut key={noun} keys={`g ${letter}`} words={`Go to ${label}`} />
          ))}
          {TIMELINE.map(([keys, words]) => (
            <Shortcut key={keys} keys={keys} words={words} />
          ))}
          <Shortcut keys="?" words="This list" />
        </dl>
        <div className="actions">
          <button className="button" autoFocus>
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Shortcut({ keys, words }: { readonly keys: string; readonly words: string }) {
  return (
    <>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{words}</dd>
    </>
  );
}
