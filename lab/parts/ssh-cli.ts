import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import { routerAddress } from './router-names.ts';
import { sshCommand, sshPrograms, startSshServer, type SshServer } from './ssh-server.ts';

/** A device known by its command line alone: r2 behind SSH. */
export const sshCli: Part = {
  name: 'ssh-cli',
  summary: 'r2 as a device with nothing but a command line behind SSH',
  needs: ['routers'],
  programs: sshPrograms,
  start: (stage) => startSshServer(stage, server(stage)),
  check: async (stage) => {
    const login = sshCommand(stage.partFolder(), server(stage));
    const shown = await stage.run([...login, 'show running-config'], { namespace: 'dc' });
    if (/^hostname /m.test(shown) && /^router bgp 65002$/m.test(shown)) {
      return `show running-config over SSH answers ${shown.split('\n').length} lines`;
    }
    throw new LabFailure(`r2: show running-config over SSH answers ${JSON.stringify(shown)}`);
  },
};

function server(stage: Stage): SshServer {
  const vtysh = `vtysh -N ${stage.namespace('r2')}`;
  const exec = `${vtysh} -c "$SSH_ORIGINAL_COMMAND"`;
  return {
    namespace: 'r2',
    address: routerAddress.r2,
    port: 26_022,
    purpose: 'the command line of a router',
    behind: `ForceCommand if [ -n "$SSH_ORIGINAL_COMMAND" ]; then ${exec}; else exec ${vtysh}; fi`,
  };
}
