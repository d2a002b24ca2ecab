import { useState } from 'react';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

/** How long it says that something was copied. */
const COPIED_MS = 1_500;

/** Copies what is not shown, or not whole. */
export function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void copyText(text).then((arrived) => {
      setCopied(arrived);
      window.setTimeout(() => setCopied(false), COPIED_MS);
    });
  };
  return (
    <button
      type="button"
      className="copy"
      onClick={copy}
      aria-label={copied ? 'Copied' : `Copy ${text}`}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
