import { counted } from '../../base/counted.ts';
import { toSecond } from '../../base/time.ts';
import type { StateLoss } from './plan.ts';

/**
 * In words: `shop/files: 1 item of now removed, 2 overwritten (512 bytes); the newest change came
 * between … and …; goes back over 3 versions`.
 */
export function lossText(loss: StateLoss): string {
  const { state, removed, overwritten, bytes, versions } = loss;
  const amounts = [
    ...(removed === 0 ? [] : [`${counted(removed, 'item')} removed`]),
    ...(overwritten === 0 ? [] : [`${counted(overwritten, 'item')} overwritten`]),
  ];
  const back = `goes back over ${counted(versions, 'version')} that was seen`;
  const parts = [`${amounts.join(', ')} (${counted(bytes, 'byte')} of now)`, ageText(loss)];
  const over = versions === 1 ? back : back.replace('was seen', 'were seen');
  return `${state}: ${[...parts.filter((part) => part !== ''), over].join('; ')}`;
}

function ageText({ changedAfter, changedBy }: StateLoss): string {
  if (changedAfter === undefined) return '';
  const after = toSecond(changedAfter);
  if (changedBy === undefined) return `the newest change came after ${after}`;
  return `the newest change came between ${after} and ${toSecond(changedBy)}`;
}
