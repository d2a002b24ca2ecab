import { hideSecrets, lastWords } from '../checkpoint/secret-text.ts';

/** What of a failing command's words is kept: its last sentences say why. */
const STDERR_CHARS = 500;

/** How a command ended that should have ended with 0, as everybody may read it. */
export function failedCommand(
  command: readonly string[],
  { exitCode, stderr }: { readonly exitCode: number; readonly stderr: string },
): string {
  const what = `${shownCommand(command)} exited ${exitCode}`;
  const said = lastWords(stderr, STDERR_CHARS);
  return said === '' ? what : `${what}: ${said}`;
}

/** A command as everybody may read it. */
export function shownCommand(command: readonly string[]): string {
  return `\`${hideSecrets(command.join(' '))}\``;
}
