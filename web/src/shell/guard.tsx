import { Component, type ReactNode } from 'react';
import { apiErrorOf, type ApiError } from '../api/api-error.ts';
import { Problem } from '../part/problem.tsx';

interface GuardState {
  readonly error: ApiError | undefined;
}

/** A fault in one page leaves the status above it and the way to the others. */
export class Guard extends Component<{ readonly children: ReactNode }, GuardState> {
  override state: GuardState = { error: undefined };

  static getDerivedStateFromError(error: unknown): GuardState {
    return { error: apiErrorOf(error) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Problem error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
