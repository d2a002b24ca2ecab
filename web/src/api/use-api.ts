import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { RouteAnswer, RouteCall } from '../../../src/api/contract.ts';
import { apiErrorOf, type ApiError } from './api-error.ts';
import { useCall } from './call.ts';
import type { CallName } from './calls.ts';

/** How a reading call behaves. */
export interface ReadOptions<Answer> {
  /** Asks again this often; the event stream renews most things sooner. */
  readonly everyMs?:
    | number
    | ((answer: Answer | undefined, error: ApiError | null) => number | false);
  /** false: not yet, something it needs is missing. */
  readonly enabled?: boolean;
  /** Shows the former answer until the new one has come, so that nothing jumps. */
  readonly keep?: boolean;
}

/** Reads something of the API and keeps it fresh. */
export function useApi<Name extends CallName>(
  name: Name,
  input: RouteCall<Name>,
  { everyMs, enabled = true, keep = false }: ReadOptions<RouteAnswer<Name>> = {},
): UseQueryResult<RouteAnswer<Name>, ApiError> {
  const call = useCall();
  return useQuery<RouteAnswer<Name>, ApiError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, input, signal).catch(rethrow),
    enabled,
    refetchInterval: ({ state }) =>
      typeof everyMs === 'function' ? everyMs(state.data, state.error) : (everyMs ?? false),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Changes something through the API; afterwards everything that is shown is read again. */
export function useAct<Name extends CallName>(
  name: Name,
  then?: (answer: RouteAnswer<Name>) => void,
): UseMutationResult<RouteAnswer<Name>, ApiError, RouteCall<Name>> {
  const client = useQueryClient();
  const call = useCall();
  return useMutation<RouteAnswer<Name>, ApiError, RouteCall<Name>>({
    mutationFn: (input) => call(name, input).catch(rethrow),
    onSuccess: then ?? (() => {}),
    onSettled: () => void client.invalidateQueries(),
  });
}

function rethrow(error: unknown): never {
  throw apiErrorOf(error);
}
