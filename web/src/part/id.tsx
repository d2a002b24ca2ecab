import { useState } from 'react';
import { Link } from '../shell/link.tsx';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

interface IdProps {
  readonly children: string;
  readonly to?: readonly string[];
  /** Shows only this many characters; the whole is one click away. */
  readonly short?: number;
}

/** An id that can be copied whole. */
export function Id({ children, to, short }: IdProps) {
  const [copied, setCopied] = useState(false);
  const isCut = short !== undefined && children.length > short + 1;
  const text = isCut ? `${children.slice(0, short)}…` : children;
  const copy = (): void => {
    void copyText(children).then((arrived) => {
      setCopied(arrived);
      window.setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <span className="id" title={children}>
      {to === undefined ? <span>{text}</span> : <Link to={to}>{text}</Link>}
      <button type="button" onClick={copy} aria-label={copied ? 'Copied' : `Copy ${children}`}>
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </span>
  );
}
