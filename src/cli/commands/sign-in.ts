import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { remoteDaemon, remoteUrl } from '../remote/remote-daemon.ts';

/** `lastgood sign-in`: a browser gets in by a link, so that nobody has to paste a token. */
export const addSignIn: AddCommand = (program, bind) => {
  addExamples(program.command('sign-in'), ['sign-in'])
    .description('a link that signs one browser in, once, within the hour')
    .action(
      bind(async (invocation) => {
        const { screen, signal } = invocation;
        const { path } = await remoteDaemon(invocation).call('sessionLink', {}, { signal });
        const link = new URL(path, remoteUrl(invocation)).href;
        if (screen.isJson) screen.json({ link });
        else screen.out(link);
        return 0;
      }),
    );
};
