import { member, type CommandEnd, type RealDaemon } from './real-daemon.ts';

/** Follows a run and, as soon as it waits for it, confirms it as a second command. */
export function confirmedRun(daemon: RealDaemon, words: readonly string[]): Promise<CommandEnd> {
  let token = '';
  let run = '';
  return daemon.run(words, (value) => {
    token = String(member(value, 'token') ?? token);
    run = String(member(value, 'run') ?? run);
    if (member(value, 'state') !== 'AWAITING_CONFIRM') return;
    void daemon.run(['rollback', 'confirm', run, '--token', token]);
  });
}
