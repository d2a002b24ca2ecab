import { addCall } from '../remote/call-command.ts';
import type { AddCommand } from '../invocation.ts';
import { harmless, paint } from '../screen/paint.ts';

/** `lastgood doctor`: finds what is wrong and says how to mend it. */
export const addDoctor: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'doctor',
    examples: ['doctor', 'doctor --json'],
    about: 'find what is wrong and say how to mend it',
    call: 'doctor',
    input: () => ({}),
    show: ({ findings, ok }, screen) => {
      for (const one of findings) {
        const mark = one.ok ? paint(screen, 'good', 'ok   ') : paint(screen, 'bad', 'wrong');
        screen.out(`${mark} ${one.area} ${harmless(one.subject)}: ${harmless(one.seen)}`);
        if (one.mend !== undefined) screen.out(`      mend: ${harmless(one.mend)}`);
      }
      screen.out(ok ? paint(screen, 'good', 'nothing is wrong') : 'something is wrong');
      return undefined;
    },
    judge: ({ ok }) => (ok ? 0 : 1),
  });
};
