import { countOrders } from '../customers/count-orders.ts';
import type { LabCommand } from './lab-call.ts';

/** `orders`: what became of all orders; fails when one was lost. */
export const orders: LabCommand = async ({ place }) => {
  const count = await countOrders(place.folder);
  const { placed, paid, refused, unanswered, lost } = count;
  return {
    document: count,
    lines: [
      `placed ${placed}  paid ${paid}  refused ${refused}  ` +
        `unanswered ${unanswered}  lost ${lost.length}`,
      ...lost.map((id) => `lost: ${id}`),
    ],
    code: lost.length === 0 ? 0 : 1,
  };
};
