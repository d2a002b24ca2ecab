import { Component, type ReactNode } from 'react';
import { apiErrorOf, type ApiError } from '../api/api-error.ts';
import { Problem } from '../part/problem.tsx';

interface PageFaultState {
  readonly error: ApiError | undefined;
}

/** A fault in one page leaves the status above it and the way to the others. */
export class PageFault extends Component<{ readonly children: ReactNode }, PageFaultState> {
  override state: PageFaultState = { error: undefined };

  static getDerivedStateFromError(error: unknown): PageFaultState {
    return { error: apiErrorOf(error) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Problem error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
