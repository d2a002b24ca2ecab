/** The total of an order in cents: every line at its price. */
export function orderTotal(
  lines: readonly { readonly quantity: number; readonly price: number }[],
): number {
  return lines.reduce((total, line) => total + line.quantity * line.price, 0);
}
