import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addCheckpoint } from './checkpoint.ts';
import { addCompletion } from './completion.ts';
import { addConfig } from './config.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addEvents } from './events.ts';
import { addGate } from './gate.ts';
import { addHold } from './hold.ts';
import { addHost } from './host.ts';
import { addIncident } from './incident.ts';
import type { AddCommand } from './invocation.ts';
import { addInit } from './init.ts';
import { addLists } from './lists.ts';
import { addNormalize } from './normalize.ts';
import { addRestore } from './restore.ts';
import { addRollback } from './rollback.ts';
import { addStatus } from './status.ts';
import { addToken } from './token.ts';
import { addUp } from './up.ts';

/** Every command, in the order `help` lists them. */
export const COMMANDS: readonly AddCommand[] = [
  addUp,
  addHost,
  addInit,
  addStatus,
  addDoctor,
  addEvents,
  addIncident,
  addCheckpoint,
  addRollback,
  addRestore,
  addHold,
  addGate,
  addLists,
  addAudit,
  addBackup,
  addToken,
  addConfig,
  addCompletion,
  addNormalize,
  addDemo,
];
