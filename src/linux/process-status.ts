/**
 * How often a process gave the processor up by itself, from /proc/PID/status (proc_pid_status(5)):
 * whoever waits for the next thing to do and gets on counts up with each. Undefined when the text
 * has another form.
 */
export function parseSwitches(text: string): number | undefined {
  const [, count] = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(text) ?? [];
  return count === undefined ? undefined : Number(count);
}

/** What a process may do beyond its user, a bit each (capabilities(7)); 0n for nothing more. */
export function parseCapabilities(text: string): bigint {
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(text)?.[1] ?? '0'}`);
}
