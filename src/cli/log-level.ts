import { Option } from 'commander';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** `--log-level` of the commands that go on and log. */
export function logLevelOption(): Option {
  return new Option('--log-level <level>', 'how much it logs').choices(LOG_LEVELS).default('warn');
}
