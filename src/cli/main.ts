// A completion is waited for at every keystroke, so it loads nothing but itself.
if (process.argv.at(-2) === '__complete') {
  const { completeWord } = await import('./completion/complete-word.ts');
  await completeWord(process.argv.slice(2));
} else {
  const { runCommandLine } = await import('./command-line.ts');
  await runCommandLine({ controller: new AbortController(), isDraining: false });
}
