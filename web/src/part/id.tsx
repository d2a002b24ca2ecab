import { Link } from '../shell/link.tsx';
import { CopyButton } from './copy-button.tsx';

interface IdProps {
  readonly children: string;
  readonly to?: readonly string[];
  /** Shows only this many characters; the whole is one click away. */
  readonly short?: number;
}

/** An id that can be copied whole. */
export function Id({ children, to, short }: IdProps) {
  const isCut = short !== undefined && children.length > short + 1;
  const text = isCut ? `${children.slice(0, short)}…` : children;
  return (
    <span className="id" title={children}>
      {to === undefined ? <span>{text}</span> : <Link to={to}>{text}</Link>}
      <CopyButton text={children} />
    </span>
  );
}
