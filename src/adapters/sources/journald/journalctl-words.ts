import type { JournaldSpec } from './journald-spec.ts';

/** Where reading begins: at an entry, which comes first if it is still there, or at an instant. */
export type JournalStart =
  | { readonly kind: 'cursor'; readonly cursor: string }
  | { readonly kind: 'since'; readonly unixSeconds: number };

/**
 * The arguments of journalctl. Three of them are not obvious:
 * - `--merge`, because `--follow` alone leaves out all boots but the newest; the machine's own id
 *   then keeps journals of containers and other machines out.
 * - `--cursor` rather than `--after-cursor`, because the latter passes over one entry even when its
 *   own is gone, and because the entry itself proves that nothing is missing.
 * - `--no-tail`, because `--follow` alone begins with the last ten entries.
 */
export function journalctlWords(
  spec: JournaldSpec,
  machineId: string | undefined,
  start: JournalStart,
): readonly string[] {
  return [
    '--output=export',
    '--follow',
    '--no-tail',
    '--merge',
    '--all',
    ...(start.kind === 'cursor' ? [`--cursor=${start.cursor}`] : [`--since=@${start.unixSeconds}`]),
    ...journalFilter(spec, machineId),
  ];
}

/** The arguments that choose entries: equal ones choose the same. */
export function journalFilter(
  { directory, units = [] }: JournaldSpec,
  machineId: string | undefined,
): readonly string[] {
  return [
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
    ...units.map((unit) => `--unit=${unit}`),
    // A folder that was named is meant as it is, whoever wrote it.
    ...(directory !== undefined || machineId === undefined ? [] : [`_MACHINE_ID=${machineId}`]),
  ];
}
