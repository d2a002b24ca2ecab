type Line = { readonly quantity: number; readonly price: number };

const discounts = [
  { from: 2, percent: 5 },
  { from: 3, percent: 10 },
];

/**
 * The total of an order in cents, now with the best discount for its quantity. This is the bug the
 * first round of the tour rolls back: whoever wrote it tried it with two and three of a thing; for
 * one there is no discount, and `reduce` of nothing throws.
 */
export function orderTotal(lines: readonly Line[]): number {
  return lines.reduce((total, line) => {
    const best = discounts
      .filter((discount) => line.quantity >= discount.from)
      .reduce((most, discount) => (discount.percent > most.percent ? discount : most));
    return total + Math.round((line.quantity * line.price * (100 - best.percent)) / 100);
  }, 0);
}
