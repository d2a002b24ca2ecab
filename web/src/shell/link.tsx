import type { ReactNode } from 'react';
import { hrefOf } from './location.ts';

interface LinkProps {
  readonly to: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly className?: string;
  readonly current?: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A link to a place of this page; the browser does the rest. */
export function Link({ to, query, className, current, title, children }: LinkProps) {
  return (
    <a
      href={hrefOf(to, query)}
      className={className}
      title={title}
      aria-current={current === true ? 'page' : undefined}
    >
      {children}
    </a>
  );
}
