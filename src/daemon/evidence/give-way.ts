import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As `nice`: a third of the core's share of a processor that both want whole. */
const NICENESS = 5;

/**
 * Half of all memory is added to what the kernel thinks we use when it looks for whom to end
 * (`oom_score_adj`, proc(5)); nobody needs a right to make himself a likelier victim.
 */
const OOM_SCORE = '500';

/**
 * A flood is worth less than the answer whether the shop is well: the core has its turn first, and
 * when memory runs out it is this process that ends and is started again.
 */
export function giveWayToCore(): void {
  setPriority(NICENESS);
  try {
    writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
  } catch {
    // Without /proc the kernel chooses as it does.
  }
}
