/** The folder of a state's plain files in what `checkpoint export` writes. */
export function exportFolder(state: string): string {
  return state.replaceAll('/', '-');
}

/** The script beside it that puts them back, from wherever it is started. */
export function exportScript(state: string): string {
  return `${exportFolder(state)}.sh`;
}
