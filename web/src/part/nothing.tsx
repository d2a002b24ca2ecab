import type { ReactNode } from 'react';

/** Says that a list is empty, why that may be, and what to do. */
export function Nothing(props: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="notice">
      <strong>{props.title}</strong>
      {props.children !== undefined && <p>{props.children}</p>}
    </div>
  );
}
