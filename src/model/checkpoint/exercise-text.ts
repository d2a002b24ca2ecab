import type { Exercise } from './checkpoint.ts';

/** In words: `good for: checkout POST /orders; not exercised: checkout POST /refunds`. */
export function exerciseText({ exercised, notExercised }: Exercise): string {
  const ran =
    exercised.length === 0
      ? 'no request was seen in its soak'
      : `good for: ${exercised.join(', ')}`;
  return notExercised.length === 0 ? ran : `${ran}; not exercised: ${notExercised.join(', ')}`;
}
