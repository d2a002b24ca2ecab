import { toBase64 } from '../../base/bytes.ts';
import { err, ok } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Hosts } from './hosts.ts';
import { hostProgramAsk, hostRunAsk, HOSTS_SUBJECT } from './program-messages.ts';

/** Lets the evidence process have programs run by the runners, which the core alone reaches. */
export function serveHosts(bus: Bus, hosts: Hosts): void {
  bus.serve(HOSTS_SUBJECT.program, async (payload) => {
    const asked = hostProgramAsk.safeParse(payload);
    if (!asked.success) return err(lgError('LG_RUNTIME_USAGE', 'nothing a program can do'));
    return hosts.program(asked.data.host, asked.data.ask);
  });
  bus.serve(HOSTS_SUBJECT.run, async (payload) => {
    const asked = hostRunAsk.safeParse(payload);
    if (!asked.success) return err(lgError('LG_RUNTIME_USAGE', 'a command is a list of words'));
    const { host, words, timeoutMs } = asked.data;
    const ran = await hosts.runOn(host)(words, { timeoutMs });
    if (!ran.ok) return ran;
    return ok({ ...ran.value, stdout: toBase64(ran.value.stdout) });
  });
}
