import { registry } from '../parts/registry.ts';
import type { LabCommand } from './lab-call.ts';

/** `parts`: what can be brought up. */
export const listParts: LabCommand = async () => {
  const parts = registry.map(({ name, summary, needs }) => ({ name, summary, needs }));
  const lines = parts.map(({ name, summary }) => `${name.padEnd(16)}${summary}`);
  return { document: { parts }, lines, code: 0 };
};
