import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addCheckpoint } from './commands/checkpoint/checkpoint.ts';
import { addClocks } from './commands/clocks.ts';
import { addCompletion } from './commands/completion.ts';
import { addComponents } from './commands/components.ts';
import { addConfig } from './commands/config.ts';
import { addCoverage } from './commands/coverage.ts';
import { addDeadMan } from './commands/deadman.ts';
import { addDemo } from './commands/demo.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events/events.ts';
import { addGate } from './commands/gate.ts';
import { addHelp } from './commands/help.ts';
import { addHold } from './commands/hold.ts';
import { addHost } from './commands/host.ts';
import { addIncident } from './commands/incident.ts';
import { addInit } from './commands/init.ts';
import { addNormalize } from './commands/normalize.ts';
import { addRestore } from './commands/restore.ts';
import { addRollback } from './commands/rollback/rollback.ts';
import { addSignals } from './commands/signals.ts';
import { addSignIn } from './commands/sign-in.ts';
import { addSources } from './commands/sources.ts';
import { addStatus } from './commands/status/status.ts';
import { addToken } from './commands/token.ts';
import { addTriggers } from './commands/triggers.ts';
import { addUp } from './commands/up.ts';
import type { AddCommand } from './invocation.ts';

/** Every command, in the order `help` lists them. */
export const COMMANDS: readonly AddCommand[] = [
  addUp,
  addHost,
  addDeadMan,
  addInit,
  addStatus,
  addSignIn,
  addDoctor,
  addEvents,
  addIncident,
  addCheckpoint,
  addRollback,
  addRestore,
  addHold,
  addGate,
  addSources,
  addComponents,
  addClocks,
  addCoverage,
  addSignals,
  addTriggers,
  addAudit,
  addBackup,
  addToken,
  addConfig,
  addCompletion,
  addNormalize,
  addDiagnose,
  addDemo,
  addHelp,
];
