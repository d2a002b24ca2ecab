/** So many MiB, as people are told who weigh what is free: `48.0`. */
export function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
